import type { Environment } from "./isExporting.ts"

/** Variables that may hold a credential: in a URL, or as a header's value. */
const CONFIDENTIAL = /^OTEL_.*(?:ENDPOINT|HEADERS)$/

/** Characters: what is shorter is no secret, and would be found in any word. */
const LEAST_SECRET = 4

/** The values of a list of headers, as it stands and as it is sent: `a=b%20c,d=e`. */
const headerValues = (list: string): ReadonlyArray<string> =>
  list.split(",").flatMap((pair) => {
    const value = pair.slice(pair.indexOf("=") + 1).trim()
    try {
      return [value, decodeURIComponent(value)]
    } catch {
      // A percent sign that begins no escape: sent as it stands.
      return [value]
    }
  })

/** A text with the names of variables in the place of their values. */
const withoutValues = (text: string, env: Environment): string => {
  const values = Object.entries(env).flatMap(([name, value = ""]) =>
    !CONFIDENTIAL.test(name)
      ? []
      : [value.trim(), ...(name.endsWith("HEADERS") ? headerValues(value) : [])].map(
          (one) => [one, `$${name}`] as const
        )
  )
  return values
    .filter(([value]) => value.length >= LEAST_SECRET)
    .reduce((told, [value, name]) => told.replaceAll(value, name), text)
}

/** The members of an error that the SDK has written as JSON; undefined for any other text. */
const parsed = (text: string): unknown => {
  if (!text.startsWith("{")) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // A text that only begins like one.
    return undefined
  }
}

/**
 * What OpenTelemetry says, on one line. Of an error its name, its code and its message: neither its
 * stack nor what a collector answered, which may repeat the key that it was sent.
 */
export const complaintOf = (said: unknown, env: Environment): string => {
  const error = typeof said === "string" ? parsed(said) : said
  if (typeof error !== "object" || error === null) return withoutValues(String(said), env)
  const { code, message, name } = error as Readonly<Record<string, unknown>> // whatever it has of them
  const told = [name, code, message].filter((part) => part !== undefined && part !== "Error")
  return withoutValues(told.map(String).join(" ").split("\n")[0] ?? "", env)
}
