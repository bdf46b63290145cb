import {
  awaitDrain,
  type CampaignGateway,
  type CampaignId,
  type DrainResult,
  stateOf
} from "@campaignctl/core"
import { Effect } from "effect"
import { durationText } from "../arguments/duration.ts"
import { drainResults } from "../documents/TransitionDocument.ts"
import { errorDocument } from "../errors/ErrorDocument.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import type { Outcome } from "./Outcome.ts"

const DRAINED: Readonly<Record<DrainResult["_tag"], boolean | null>> = {
  Drained: true,
  StillDraining: false,
  Resumed: false,
  NotShown: null
}

const EXIT_CODES: Readonly<Record<DrainResult["_tag"], ExitCode>> = {
  Drained: ExitCode.done,
  // The change was made; the wait that was asked for beside it did not end well.
  StillDraining: ExitCode.partial,
  Resumed: ExitCode.conflict,
  NotShown: ExitCode.done
}

const warningsOf = ({ _tag, waitedMs }: DrainResult): ReadonlyArray<string> => {
  if (_tag === "StillDraining")
    return [
      `The change was made, but calls still run after ${durationText(waitedMs)}. They end by themselves; nothing new is dialled.`
    ]
  if (_tag === "Resumed")
    return ["Somebody turned the campaign on again while its calls were waited for."]
  return _tag === "NotShown" ? ["This contract does not tell whether calls still run."] : []
}

/** Waits for the calls of a campaign that was told to stop, and adds what came of it to the outcome. */
export const waitForDrain = Effect.fnUntraced(function* (
  id: CampaignId,
  outcome: Outcome,
  waitMs: number
): Effect.fn.Return<Outcome, never, CampaignGateway> {
  return yield* Effect.match(awaitDrain(id, { deadline: waitMs }), {
    onSuccess: (result): Outcome => ({
      ...outcome,
      exitCode: EXIT_CODES[result._tag],
      document: {
        ...outcome.document,
        state: stateOf(result.campaign.status, {
          target: outcome.document.to,
          sequence: outcome.document.auditSequence ?? 0
        }),
        drained: DRAINED[result._tag],
        drain: { result: drainResults[result._tag], waitedMs: result.waitedMs },
        warnings: [...outcome.document.warnings, ...warningsOf(result)]
      }
    }),
    onFailure: (error): Outcome => ({
      ...outcome,
      exitCode: ExitCode.partial,
      error,
      document: {
        ...outcome.document,
        drained: false,
        drain: { result: "failed" },
        warnings: [
          ...outcome.document.warnings,
          "The change was made, but it could not be seen whether its calls have ended."
        ],
        error: errorDocument(error)
      }
    })
  })
})

/** The outcome of a change whose wait was ended by Ctrl-C. */
export const withInterruptedWait = (outcome: Outcome): Outcome => ({
  ...outcome,
  document: {
    ...outcome.document,
    drained: false,
    drain: { result: "interrupted" },
    warnings: [
      ...outcome.document.warnings,
      "The change was made and is recorded; whether its calls have ended was not waited for."
    ]
  }
})
