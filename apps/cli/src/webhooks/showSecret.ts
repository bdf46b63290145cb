import type { WithSecret } from "@campaignctl/webhooks"
import { Effect, Redacted } from "effect"
import { emit, hint } from "../render/emit.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** Writes a subscription with the secret that was made for it, this once. */
export const showSecret = Effect.fnUntraced(function* ({
  secret,
  subscription
}: WithSecret): Effect.fn.Return<void, never, Terminal> {
  const text = Redacted.value(secret)
  yield* emit({ ...subscription, secret: text }, () => [
    `subscription  ${subscription.id}`,
    `secret        ${text}`
  ])
  yield* hint(
    "The secret is shown this once. Give it to the receiver: with it the receiver sees that a message is ours."
  )
})
