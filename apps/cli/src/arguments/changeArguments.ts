import {
  type CampaignId,
  OverridableGuard,
  type Override,
  parseRequest,
  PauseReason,
  RequestInvalid,
  TargetState,
  type TransitionRequest
} from "@campaignctl/core"
import { Effect, Result } from "effect"
import { campaignIds } from "./campaignIds.ts"
import { DURATION_FORMS, parseDuration } from "./duration.ts"
import { Problems } from "./Problems.ts"
import { DEFAULT_WAIT } from "./waitOption.ts"

/** The options of a change as they come from the command line, unchecked. */
export interface ChangeOptions {
  readonly to?: string
  readonly reason?: string
  readonly note?: string
  readonly override?: ReadonlyArray<string>
  readonly restart?: boolean
  /** False for `--no-drain`. */
  readonly drain?: boolean
  readonly wait?: string | true
}

/** What is asked of every campaign of one command. */
export type AskedChange = Omit<TransitionRequest, "campaignId" | "requestedBy" | "source" | "slots">

/** A checked command line that asks for a change. */
export interface ChangeArguments {
  readonly ids: ReadonlyArray<CampaignId>
  readonly change: AskedChange
  /** Milliseconds to wait for the drain; undefined: not at all. */
  readonly waitMs: number | undefined
}

const OVERRIDE_NEEDS_NOTE =
  '--note with the reason for the override, which the audit keeps (--override capacity --note "why")'

/** Checks the command line of a change. Lists everything that is wrong with it at once. */
export const changeArguments = Effect.fnUntraced(function* (
  texts: ReadonlyArray<string>,
  options: ChangeOptions,
  { reasonNeeded = true }: { readonly reasonNeeded?: boolean } = {}
): Effect.fn.Return<ChangeArguments, RequestInvalid> {
  const problems = new Problems()
  const ids = campaignIds(texts, problems)
  const target = problems.choice("--to", TargetState.literals, options.to)
  const pauseReason = reasonOf(options, target, reasonNeeded, problems)
  const overrides = overridesOf(options, problems)
  const waitMs = waitOf(options, problems)
  if (options.restart === true && target !== undefined && target !== "active")
    problems.add("--restart", "a change to active", `a change to ${target}`)
  yield* problems.check
  return {
    ids,
    waitMs,
    change: yield* checked({
      target,
      ...(pauseReason === undefined ? {} : { pauseReason }),
      ...(options.note === undefined ? {} : { note: options.note }),
      ...(options.drain === undefined ? {} : { drain: options.drain }),
      ...(options.restart === undefined ? {} : { restart: options.restart }),
      ...(overrides.length === 0 ? {} : { overrides })
    })
  }
})

const reasonOf = (
  { reason }: ChangeOptions,
  target: TargetState | undefined,
  needed: boolean,
  problems: Problems
): PauseReason | undefined => {
  if (reason === undefined && (target !== "paused" || !needed)) return undefined
  const known = problems.choice("--reason", PauseReason.literals, reason)
  return target === undefined || target === "paused"
    ? known
    : problems.add("--reason", "a pause, which alone has a reason", `a change to ${target}`)
}

const overridesOf = (
  { note, override = [] }: ChangeOptions,
  problems: Problems
): ReadonlyArray<Override> => {
  const guards = override.flatMap(
    (name) => problems.choice("--override", OverridableGuard.literals, name) ?? []
  )
  if (override.length > 0 && (note ?? "").trim() === "")
    problems.add("--override", OVERRIDE_NEEDS_NOTE, "no note")
  return [...new Set(guards)].map((guard) => ({ guard, note: note ?? "" }))
}

const waitOf = ({ wait }: ChangeOptions, problems: Problems): number | undefined =>
  wait === undefined
    ? undefined
    : problems.parsed("--wait", DURATION_FORMS, wait === true ? DEFAULT_WAIT : wait, parseDuration)

/** Any id will do to let core check the rest of a request: the ids have been checked already. */
const ANY_ID = "00000000-0000-4000-8000-000000000000"

/** Core's own check, which knows the limits of a note. Its keys become the names of options. */
const checked = (raw: object): Effect.Effect<AskedChange, RequestInvalid> =>
  Result.match(parseRequest({ campaignId: ANY_ID, target: undefined, ...raw }), {
    onSuccess: ({ campaignId: _any, ...change }) => Effect.succeed(change),
    onFailure: ({ problems }) =>
      Effect.fail(
        new RequestInvalid({
          problems: problems.map((problem) => ({
            ...problem,
            key: `--${problem.key.replace("overrides", "note")}`
          }))
        })
      )
  })
