import { refuse } from "./ApiAnswer.ts"

type Matcher = (pattern: string) => (text: string) => boolean

const regularExpression: Matcher = (pattern) => {
  try {
    const expression = new RegExp(pattern, "i")
    return (text) => expression.test(text)
  } catch (error) {
    if (error instanceof SyntaxError)
      throw refuse("invalid.query.param.value", "The name is not a regular expression.")
    throw error
  }
}

const MATCHERS: Readonly<Record<string, Matcher>> = {
  Equals: (pattern) => (text) => text.toLowerCase() === pattern.toLowerCase(),
  RegEx: regularExpression,
  Contains: (pattern) => (text) => text.toLowerCase().includes(pattern.toLowerCase()),
  Prefix: (pattern) => (text) => text.toLowerCase().startsWith(pattern.toLowerCase())
}

/** How a list's `name` is compared; `filterType` is Prefix unless said. */
export const textFilter = (
  filterType: string | null,
  pattern: string | null
): ((text: string) => boolean) => {
  const matcher = MATCHERS[filterType ?? "Prefix"]
  if (matcher === undefined) {
    throw refuse(
      "invalid.query.param.value",
      `filterType must be one of ${Object.keys(MATCHERS).join(", ")}.`
    )
  }
  return pattern === null || pattern === "" ? () => true : matcher(pattern)
}
