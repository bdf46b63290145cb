import type { JsonObject, JsonValue } from "../Json.ts"
import { refuse } from "./ApiAnswer.ts"
import type { ApiRequest } from "./Route.ts"

/** Source: the platform's API definition of the outbound lists. */
const DEFAULT_PAGE_SIZE = 25
const LARGEST_PAGE_SIZE = 100

const wholeFrom = (
  query: URLSearchParams,
  name: string,
  fallback: number,
  largest: number
): number => {
  const text = query.get(name)
  if (text === null) return fallback
  const value = Number(text)
  if (text.trim() !== "" && Number.isInteger(value) && value >= 1 && value <= largest) return value
  throw refuse(
    "invalid.query.param.value",
    `The query parameter ${name} must be a whole number from 1 to ${largest}, not "${text}".`
  )
}

/** Values of a parameter that may be repeated or hold a list separated by commas. */
export const manyOf = (query: URLSearchParams, name: string): ReadonlyArray<string> =>
  query
    .getAll(name)
    .flatMap((value) => value.split(","))
    .filter((value) => value !== "")

/** One page of a list in the platform's envelope. */
export const page = <A>(
  request: ApiRequest,
  path: string,
  items: ReadonlyArray<A>,
  render: (item: A) => JsonValue
): JsonObject => {
  const pageSize = wholeFrom(request.query, "pageSize", DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE)
  const pageNumber = wholeFrom(request.query, "pageNumber", 1, Number.MAX_SAFE_INTEGER)
  const pageCount = Math.ceil(items.length / pageSize)
  const uri = (number: number): string => {
    const query = new URLSearchParams(request.query)
    query.set("pageSize", String(pageSize))
    query.set("pageNumber", String(number))
    return `${path}?${query.toString()}`
  }
  const start = (pageNumber - 1) * pageSize
  return {
    entities: items.slice(start, start + pageSize).map(render),
    pageSize,
    pageNumber,
    total: items.length,
    firstUri: uri(1),
    selfUri: uri(pageNumber),
    ...(pageNumber < pageCount ? { nextUri: uri(pageNumber + 1) } : {}),
    ...(pageNumber > 1 ? { previousUri: uri(pageNumber - 1) } : {}),
    lastUri: uri(Math.max(1, pageCount)),
    pageCount
  }
}
