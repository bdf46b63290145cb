import {
  alsoReportingTo,
  type CampaignGateway,
  type CampaignId,
  explain,
  transition,
  type TransitionPorts
} from "@campaignctl/core"
import { Effect } from "effect"
import type { ChangeArguments } from "../arguments/changeArguments.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import { ProgressReporter } from "../progress/ProgressReporter.ts"
import { Terminal } from "../terminal/Terminal.ts"
import { type Outcome, outcomeOfError, outcomeOfExplanation, outcomeOfResult } from "./Outcome.ts"
import { waitForDrain, withInterruptedWait } from "./waitForDrain.ts"

/** Campaigns changed at the same time: enough to hide the waits, few beside the budget of 300 requests a minute. */
const CHANGE_CONCURRENCY = 4

/** Everything that is asked of one command. */
export interface ChangeRun extends ChangeArguments {
  readonly requestedBy: string
  readonly dryRun: boolean
}

/** What has come of the campaigns so far; an interrupted run leaves here what it had done. */
export class Outcomes {
  readonly #byId = new Map<CampaignId, Outcome>()

  set(id: CampaignId, outcome: Outcome): Outcome {
    this.#byId.set(id, outcome)
    return outcome
  }

  has(id: CampaignId): boolean {
    return this.#byId.has(id)
  }

  /** In the order of the ids, which is the order of the command line. */
  inOrder(ids: ReadonlyArray<CampaignId>): ReadonlyArray<Outcome> {
    return ids.flatMap((id) => this.#byId.get(id) ?? [])
  }
}

/** Changes the campaigns, or under `--dry-run` decides without acting. One campaign's failure stops no other. */
export const runChange = Effect.fnUntraced(function* (
  run: ChangeRun,
  outcomes: Outcomes
): Effect.fn.Return<void, never, TransitionPorts | Terminal> {
  const reporter = new ProgressReporter(yield* Terminal)
  yield* Effect.forEach(
    run.ids,
    (id) =>
      (run.dryRun ? decideOne(run, id) : changeOne(run, id, outcomes)).pipe(
        Effect.map((outcome) => outcomes.set(id, outcome)),
        alsoReportingTo(reporter.follow(id)),
        Effect.ensuring(Effect.sync(() => reporter.done(id)))
      ),
    { concurrency: CHANGE_CONCURRENCY, discard: true }
  )
})

const decideOne = (
  { change }: ChangeRun,
  campaignId: CampaignId
): Effect.Effect<Outcome, never, TransitionPorts> =>
  Effect.match(explain({ ...change, campaignId }), {
    onSuccess: (explanation) => outcomeOfExplanation(explanation, change),
    onFailure: (error) => outcomeOfError(campaignId, change, error, true)
  })

const changeOne = Effect.fnUntraced(function* (
  { change, requestedBy, waitMs }: ChangeRun,
  campaignId: CampaignId,
  outcomes: Outcomes
): Effect.fn.Return<Outcome, never, TransitionPorts> {
  const outcome = yield* Effect.match(
    transition({ ...change, campaignId, requestedBy, source: "cli" }),
    { onSuccess: outcomeOfResult, onFailure: (error) => outcomeOfError(campaignId, change, error) }
  )
  if (outcome.exitCode !== ExitCode.done || waitMs === undefined) return outcome
  return yield* waiting(campaignId, outcomes.set(campaignId, outcome), waitMs, outcomes)
})

const waiting = (
  id: CampaignId,
  outcome: Outcome,
  waitMs: number,
  outcomes: Outcomes
): Effect.Effect<Outcome, never, CampaignGateway> => {
  if (outcome.document.to === "active")
    return Effect.succeed(
      withWarning(outcome, "There is nothing to wait for after a start; --wait was ignored.")
    )
  return Effect.onInterrupt(waitForDrain(id, outcome, waitMs), () =>
    Effect.sync(() => outcomes.set(id, withInterruptedWait(outcome)))
  )
}

const withWarning = (outcome: Outcome, warning: string): Outcome => ({
  ...outcome,
  document: { ...outcome.document, warnings: [...outcome.document.warnings, warning] }
})
