import { Effect } from "effect"
import { durationText } from "../../arguments/duration.ts"
import { requestedBy } from "../../compose/requestedBy.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { onOneLine } from "../../render/onOneLine.ts"
import { subscriptionIdOf } from "../ids.ts"
import { onWebhooks } from "../onWebhooks.ts"

/** `webhook test`: sends one message now, from here, and says what the receiver answered. */
export const webhookTest = ({ args, env, options }: CommandInput): CommandEffect =>
  Effect.flatMap(subscriptionIdOf(args), (id) =>
    onWebhooks({ env, options }, ({ test }, config) =>
      Effect.gen(function* () {
        const answer = yield* test(id, { requestedBy: requestedBy(config) })
        const { delivered, detail, durationMs, status } = answer
        yield* emit(answer, ({ out }) => [
          `${delivered ? out.paint("green", "✓ delivered") : out.paint("red", "✗ not delivered")}  ${onOneLine(detail)}`,
          `  ${status === null ? "no answer" : `answer ${status}`} after ${durationText(durationMs)}, message ${answer.eventId}`
        ])
        if (status === null)
          yield* hint(
            "A test is sent from here, with the CAMPAIGNCTL_WEBHOOK_ALLOW of this terminal; `campaignctl serve` sends with its own."
          )
        return delivered ? ExitCode.done : ExitCode.unavailable
      })
    )
  )
