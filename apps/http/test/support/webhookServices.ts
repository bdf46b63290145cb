import {
  layerWebhooksOver,
  NoAnswer,
  type Outgoing,
  Resolver,
  Transport
} from "@campaignctl/webhooks"
import { idsLive } from "@campaignctl/ledger-sql"
import { Effect, Layer } from "effect"

/** Every name leads here: it is public, and nothing is ever sent to it. */
const PUBLIC = "93.184.215.14"

/** Webhooks of which nothing leaves the process: the messages go into a list. */
export const webhookServices = () => {
  const sent: Array<Outgoing> = []
  const transport = Layer.succeed(Transport, {
    send: (message) => {
      sent.push(message)
      return message.url.includes("silent")
        ? Effect.fail(new NoAnswer({ reason: "timeout", detail: "No answer in time." }))
        : Effect.succeed({ status: 204 })
    }
  })
  const names = Layer.succeed(Resolver, { addresses: () => Effect.succeed([PUBLIC]) })
  const layer = layerWebhooksOver().pipe(
    Layer.provideMerge(Layer.mergeAll(transport, names, idsLive))
  )
  return { sent, layer }
}
