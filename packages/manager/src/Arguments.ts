import {
  type ParsedRequest,
  parseRequest,
  type Problem,
  type RawRequest,
  RequestInvalid
} from "@campaignctl/core"
import { Formatter, Result, Schema } from "effect"
import { errorOf } from "./errors/errorOf.ts"

/** How one value is checked, and what an error says was expected. */
export interface Field<A = unknown> {
  readonly schema: Schema.Decoder<A>
  readonly expected: string
  /** Brings a value into the form that the schema knows. */
  readonly normalize?: (value: unknown) => unknown
}

type Fields = Readonly<Record<string, Field>>

/** The fields that were given, checked. */
type Checked<F extends Fields> = {
  readonly [K in keyof F]?: F[K] extends Field<infer A> ? A : never
}

/** The arguments of one call while they are checked; keeps everything that is wrong with them. */
export class Arguments {
  readonly #problems: Array<Problem> = []

  /**
   * Checks an options object: every field that is known, and that there are no others, because a
   * misspelt option that was passed over in silence would change what the call does. Fields named in
   * `others` are left to another check.
   */
  options<F extends Fields>(
    name: string,
    raw: unknown,
    fields: F,
    others: ReadonlyArray<string> = []
  ): Checked<F> {
    const checked: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(this.#object(name, raw))) {
      if (value === undefined || others.includes(key)) continue
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (field === undefined) this.#unknownOption(name, key, [...Object.keys(fields), ...others])
      else checked[key] = this.value(key, value, field)
    }
    // Every field that is in `checked` was decoded by its own schema just above.
    return checked as Checked<F>
  }

  /** Checks one value. */
  value<A>(key: string, value: unknown, { expected, normalize, schema }: Field<A>): A | undefined {
    const decoded = Schema.decodeUnknownResult(schema)(normalize?.(value) ?? value)
    if (Result.isSuccess(decoded)) return decoded.success
    this.reject({ key, expected, found: shown(value) })
    return undefined
  }

  /** Checks what core checks of a request; `options` are the raw ones, of which it takes its own. */
  request(raw: RawRequest, options?: unknown): ParsedRequest | undefined {
    const parsed = parseRequest({ ...(isObject(options) ? options : {}), ...raw })
    if (Result.isSuccess(parsed)) return parsed.success
    for (const problem of parsed.failure.problems) this.reject(problem)
    return undefined
  }

  reject(problem: Problem): void {
    this.#problems.push(problem)
  }

  /** The value, where nothing was wrong with any argument. @throws {RequestInvalidError} with every problem. */
  accept<A>(value: A | undefined): A {
    if (this.#problems.length > 0 || value === undefined)
      throw errorOf(new RequestInvalid({ problems: this.#problems }))
    return value
  }

  #object(name: string, raw: unknown): object {
    if (raw === undefined || raw === null) return {}
    if (isObject(raw)) return raw
    this.reject({ key: name, expected: "an object", found: shown(raw) })
    return {}
  }

  #unknownOption(name: string, key: string, known: ReadonlyArray<string>): void {
    this.reject({
      key: `${name}.${cut(key)}`,
      expected: `only ${known.join(", ")}`,
      found: "an option of another name"
    })
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Longest stretch of a wrong value that an error repeats, in characters. */
const SHOWN_CHARACTERS = 60

const cut = (text: string): string => {
  const line = text.replace(/\p{Cc}+/gu, " ")
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line
}

/** A wrong value as an error may repeat it: short, on one line. */
export const shown = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : cut(typeof value === "string" ? `“${value}”` : Formatter.format(value))
