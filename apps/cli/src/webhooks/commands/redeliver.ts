import { Effect } from "effect"
import { Problems } from "../../arguments/Problems.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { idOf } from "../ids.ts"
import { onWebhooks } from "../onWebhooks.ts"
import { hintWhereNobodySends } from "../whoSends.ts"

export interface RedeliverOptions {
  readonly allDead?: string
}

/** `webhook redeliver`: one message is sent again, or all of a subscription's that were given up. */
export const webhookRedeliver = ({
  args: [one],
  env,
  options
}: CommandInput<RedeliverOptions>): CommandEffect =>
  Effect.gen(function* () {
    const problems = new Problems()
    const { allDead } = options
    if ((one === undefined) === (allDead === undefined))
      problems.add(
        "delivery",
        "the id of a delivery, or --all-dead with that of a subscription",
        one === undefined ? "neither" : "both"
      )
    const deliveryId = one === undefined ? undefined : idOf("delivery", "delivery", one, problems)
    const subscriptionId =
      allDead === undefined ? undefined : idOf("--all-dead", "subscription", allDead, problems)
    yield* problems.check
    return yield* onWebhooks({ env, options }, ({ redeliver }, config) =>
      Effect.gen(function* () {
        const redelivered = yield* redeliver(
          deliveryId === undefined ? { subscriptionId: subscriptionId ?? "" } : { deliveryId }
        )
        yield* emit({ redelivered }, ({ out }) => [
          redelivered === 0
            ? "Nothing was given up: there is nothing to send again."
            : `${out.paint("green", "✓")} To be sent again: ${redelivered === 1 ? "1 message" : `${redelivered} messages`}, under the ids that they had.`
        ])
        if (redelivered > 0) {
          yield* hint("`campaignctl webhook deliveries` shows what comes of it.")
          yield* hintWhereNobodySends(config)
        }
        return ExitCode.done
      })
    )
  })
