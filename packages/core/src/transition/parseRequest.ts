import { Formatter, Option, Result, Schema } from "effect"
import { CampaignId } from "../campaign/Campaign.ts"
import { PauseReason, TargetState } from "../campaign/State.ts"
import { type Problem, RequestInvalid } from "../errors/errors.ts"
import { shownText } from "../errors/shown.ts"
import { OverridableGuard } from "../guards/Verdict.ts"
import type { TransitionRequest } from "./TransitionRequest.ts"

/** A request as a caller from outside hands it over: nothing about it is known yet. */
export interface RawRequest {
  readonly campaignId: unknown
  readonly target: unknown
  readonly pauseReason?: unknown
  readonly note?: unknown
  readonly drain?: unknown
  readonly restart?: unknown
  readonly overrides?: unknown
}

/** What is checked of a request; who asks and from where, the edge knows by itself. */
export type ParsedRequest = Omit<TransitionRequest, "requestedBy" | "source" | "slots">

/** Longest note that is kept, in characters: a paragraph, not a document. */
const NOTE_LIMIT = 2_000

const Note = Schema.String.check(Schema.isPattern(/\S/), Schema.isMaxLength(NOTE_LIMIT))
const Overrides = Schema.Array(Schema.Struct({ guard: OverridableGuard, note: Note }))

const lowerCase = (value: unknown): unknown =>
  typeof value === "string" ? value.trim().toLowerCase() : value

const EXPECTED = {
  campaignId: "a campaign id (UUID)",
  target: TargetState.literals.join(", "),
  pauseReason: PauseReason.literals.join(", "),
  note: `text of 1 to ${NOTE_LIMIT} characters`,
  drain: "true or false",
  restart: "true or false",
  overrides: `a list of {guard, note}; guard one of ${OverridableGuard.literals.join(", ")}, with a note of 1 to ${NOTE_LIMIT} characters`
} as const satisfies Record<keyof RawRequest, string>

/** Checks a request from outside. Lists everything that is wrong with it at once. */
export const parseRequest = (raw: RawRequest): Result.Result<ParsedRequest, RequestInvalid> => {
  const problems: Array<Problem> = []
  const take = <A>(
    key: keyof RawRequest,
    schema: Schema.Decoder<A>,
    value: unknown = raw[key]
  ): A | undefined => {
    const decoded = Schema.decodeUnknownOption(schema)(value)
    if (Option.isSome(decoded)) return decoded.value
    problems.push({ key, expected: EXPECTED[key], found: shown(value) })
    return undefined
  }
  const optionally = <A>(key: keyof RawRequest, schema: Schema.Decoder<A>): A | undefined =>
    raw[key] === undefined ? undefined : take(key, schema)

  const campaignId = take("campaignId", CampaignId, lowerCase(raw.campaignId))
  const target = take("target", TargetState)
  const pauseReason = optionally("pauseReason", PauseReason)
  const note = optionally("note", Note)
  const drain = optionally("drain", Schema.Boolean)
  const restart = optionally("restart", Schema.Boolean)
  const overrides = optionally("overrides", Overrides)

  if (problems.length > 0 || campaignId === undefined || target === undefined)
    return Result.fail(new RequestInvalid({ problems }))
  return Result.succeed({
    campaignId,
    target,
    ...(pauseReason === undefined ? {} : { pauseReason }),
    ...(note === undefined ? {} : { note }),
    ...(drain === undefined ? {} : { drain }),
    ...(restart === undefined ? {} : { restart }),
    ...(overrides === undefined ? {} : { overrides })
  })
}

/** A wrong value as an error may repeat it. */
const shown = (value: unknown): string => {
  if (value === undefined) return "nothing"
  return shownText(typeof value === "string" ? `“${value}”` : Formatter.format(value))
}
