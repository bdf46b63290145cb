import { Result } from "effect"
import type { CallingWindow } from "../window/CallingWindow.ts"
import { decodeWindow } from "../window/decodeWindow.ts"
import { parseWindow } from "../window/parseWindow.ts"
import type { Problem } from "../errors/errors.ts"
import { json } from "./json.ts"
import type { Fault, Parser } from "./Parsed.ts"

/** The word that stands for each campaign's own callable time set. */
const CAMPAIGN_TIME_SET = "genesys"

/** The choice that one text makes. */
export type WindowChoice =
  | { readonly _tag: "CampaignTimeSet" }
  | { readonly _tag: "Fixed"; readonly window: CallingWindow }

/** A calling window in its short form or as JSON, or each campaign's own. */
export const windowText: Parser<WindowChoice> = (text) => {
  if (text.toLowerCase() === CAMPAIGN_TIME_SET) return Result.succeed({ _tag: "CampaignTimeSet" })
  const window = text.startsWith("{")
    ? Result.flatMap(json(text), (value) => Result.mapError(decodeWindow(value), atPaths))
    : Result.mapError(parseWindow(text), atPaths)
  return Result.map(window, (window) => ({ _tag: "Fixed", window }))
}

/** The path goes into the sentence, because the key is the name of the whole value. */
const atPaths = (problems: ReadonlyArray<Problem>): ReadonlyArray<Fault> =>
  problems.map(({ expected, found, key }) => ({
    expected: key === "" ? expected : `${expected}, at ${key}`,
    found
  }))
