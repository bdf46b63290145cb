import { Effect } from "effect"
import { stateFor } from "../campaign/stateOf.ts"
import type { AuditLog } from "../ports/AuditLog.ts"
import { CampaignGateway } from "../ports/CampaignGateway.ts"
import { appendOutcome, type Run } from "./Run.ts"
import { shows } from "./shows.ts"

/**
 * How long an interrupted run may take to read the campaign back, in milliseconds. A person who
 * pressed Ctrl-C waits for it; what it cannot learn in that time the next start settles.
 */
const READ_BACK_PATIENCE_MS = 5_000

/**
 * Gives the intent of a run that was interrupted, or that died, its outcome: `applied` where it sent a
 * write that may have landed and the campaign shows the change, `unknown` where that may still be under
 * way, `failed` otherwise. What the campaign shows is somebody else's where no write of the run can have
 * landed. A run that ended by itself has closed its intent already.
 */
export const closeInterrupted = (
  run: Run
): Effect.Effect<void, never, CampaignGateway | AuditLog> =>
  run.intent === undefined || run.closed
    ? Effect.void
    : Effect.gen(function* () {
        const gateway = yield* CampaignGateway
        const seen = yield* gateway.get(run.request.campaignId).pipe(
          Effect.timeoutOption(READ_BACK_PATIENCE_MS),
          Effect.catch(() => Effect.succeedNone)
        )
        const shown =
          (run.doubt !== undefined || run.lostReply) &&
          seen._tag === "Some" &&
          shows(gateway.capabilities, seen.value, run.request.target)
        yield* appendOutcome(run, {
          outcome: shown ? "applied" : run.doubt !== undefined ? "unknown" : "failed",
          success: shown,
          errorCode: "INTERRUPTED",
          errorDetails: "The run ended before its outcome was recorded.",
          ...(seen._tag === "Some" ? { lockAfter: seen.value.lock } : {}),
          ...(shown && seen._tag === "Some"
            ? { stateAfter: stateFor(seen.value.status, run.request.target) }
            : {})
        })
      }).pipe(
        Effect.catch((error) =>
          Effect.logError(
            "The outcome of an interrupted change could not be recorded; the next start settles it.",
            error.message
          )
        )
      )
