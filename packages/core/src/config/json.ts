import { Result } from "effect"
import { fault, type Parser } from "./Parsed.ts"

/** Any JSON value. */
export const json: Parser<unknown> = (text) => {
  try {
    // The type is what JSON.parse really promises.
    return Result.succeed(JSON.parse(text) as unknown)
  } catch {
    // What the parser says of it repeats the text; that it is not JSON is all there is to say.
    return fault("JSON", text)
  }
}
