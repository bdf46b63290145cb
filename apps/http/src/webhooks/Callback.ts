import { type Config, ConfigInvalid } from "@campaignctl/core"
import { type Subscription, Webhooks, type WebhooksUnavailable } from "@campaignctl/webhooks"
import { Context, Effect, Layer, type Redacted } from "effect"

/** What keeps the subscription that the configuration makes, and what it is called. */
const MANAGER = "WEBHOOK_CALLBACK_URL"

/** What became of `WEBHOOK_CALLBACK_URL` at the start. */
export type CallbackFound =
  | { readonly _tag: "None" }
  | {
      readonly _tag: "Kept"
      readonly subscription: Subscription
      /** Present where it was made just now, because none is configured. */
      readonly secret?: Redacted.Redacted
    }
  /** It is not configured any more, and its receiver is told all the same until somebody removes it. */
  | { readonly _tag: "Left"; readonly subscription: Subscription }

/** The one subscription that the configuration keeps. */
export class Callback extends Context.Service<Callback, CallbackFound>()(
  "@campaignctl/http/Callback"
) {}

type Asked = Pick<Config, "requestedBy" | "webhookCallbackUrl" | "webhookSecret">

const unusable = (problems: ConfigInvalid["problems"]) => new ConfigInvalid({ problems })

const found = Effect.fnUntraced(function* ({
  requestedBy = MANAGER,
  webhookCallbackUrl: url,
  webhookSecret
}: Asked): Effect.fn.Return<CallbackFound, ConfigInvalid | WebhooksUnavailable, Webhooks> {
  const webhooks = yield* Webhooks
  if (url === undefined) {
    const all = yield* webhooks.list({})
    const subscription = all.find(({ managedBy }) => managedBy === MANAGER)
    return subscription === undefined ? { _tag: "None" } : { _tag: "Left", subscription }
  }
  const { secret, subscription } = yield* webhooks
    .ensure({
      managedBy: MANAGER,
      requestedBy,
      draft: { url },
      ...(webhookSecret === undefined ? {} : { secret: webhookSecret })
    })
    .pipe(
      Effect.catchTags({
        ReceiverRefused: ({ why }) =>
          Effect.fail(
            unusable([
              {
                key: MANAGER,
                expected:
                  "an https address of a public host, or one whose host CAMPAIGNCTL_WEBHOOK_ALLOW names",
                // The sentence of what lists it ends with a full stop of its own.
                found: `one to which nothing may be sent (${why.replace(/\.$/, "")})`
              }
            ])
          ),
        RequestInvalid: ({ problems }) =>
          Effect.fail(unusable(problems.map((problem) => ({ ...problem, key: MANAGER }))))
      })
    )
  return {
    _tag: "Kept",
    subscription,
    ...(secret === undefined || webhookSecret !== undefined ? {} : { secret })
  }
})

/** Makes the subscription of `WEBHOOK_CALLBACK_URL`, or leaves it as it is. */
export const callbackLayer = (
  asked: Asked
): Layer.Layer<Callback, ConfigInvalid | WebhooksUnavailable, Webhooks> =>
  Layer.effect(Callback, found(asked))
