import { idsLive, layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { deliver, layerWebhooks, parseAllowList, Webhooks } from "@campaignctl/webhooks"
import { Console, Effect, Layer, Redacted, Result } from "effect"

const [url = "", filename = "campaignctl.db"] = process.argv.slice(2)
const allow = Result.getOrThrow(parseAllowList(process.env["CAMPAIGNCTL_WEBHOOK_ALLOW"] ?? ""))

const storage = layerSql(filename).pipe(
  Layer.provideMerge(Layer.merge(layerSqliteClient({ filename }), idsLive))
)

const program = Effect.gen(function* () {
  const webhooks = yield* Webhooks
  const { secret, subscription } = yield* webhooks.add({
    draft: { url, eventTypes: ["campaign.drained"], description: "Workforce management" },
    requestedBy: "ada@example.com"
  })
  yield* Console.log(`Verify with ${Redacted.value(secret)}`)
  const { detail } = yield* webhooks.test(subscription.id, { requestedBy: "ada@example.com" })
  yield* Console.log(detail)
  // Once in a cluster: it never ends and never fails. Whoever asks may be another process.
  return yield* deliver({ allow })
})

Effect.runFork(Effect.provide(program, Layer.provideMerge(layerWebhooks({ allow }), storage)))
