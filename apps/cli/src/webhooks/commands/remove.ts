import { shownReceiver } from "@campaignctl/webhooks"
import { Effect } from "effect"
import { confirmed } from "../../change/confirmed.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, warn } from "../../render/emit.ts"
import { onOneLine } from "../../render/onOneLine.ts"
import { subscriptionIdOf } from "../ids.ts"
import { onWebhooks } from "../onWebhooks.ts"

export interface RemoveOptions {
  readonly yes?: boolean
}

/** `webhook remove`: nothing more is sent to it. Asks first: what waits to be sent goes with it. */
export const webhookRemove = ({ args, env, options }: CommandInput<RemoveOptions>): CommandEffect =>
  Effect.flatMap(subscriptionIdOf(args), (id) =>
    onWebhooks({ env, options }, ({ get, remove }) =>
      Effect.gen(function* () {
        const { managedBy, url } = yield* get(id)
        if (options.yes !== true)
          yield* confirmed({
            question: `Remove ${onOneLine(shownReceiver(url))} with everything that waits to be sent to it`,
            expected: "--yes to remove a subscription with what waits to be sent to it"
          })
        const removed = yield* remove(id)
        yield* emit(removed, ({ out }) => [
          `${out.paint("green", "✓")} Subscription ${id} is removed: nothing more is sent to it. The ledger keeps what it was told.`
        ])
        if (managedBy !== null)
          yield* warn(
            `${onOneLine(managedBy)} makes it again when \`campaignctl serve\` starts with it. \`campaignctl webhook disable\` keeps it silent.`
          )
        return ExitCode.done
      })
    )
  )
