import { CampaignId, GenesysUnavailable, PermissionMissing } from "@campaignctl/core"
import { assert, it } from "@effect/vitest"
import { Effect, Logger, Redacted } from "effect"
import type { Channel } from "../../src/notifications/Channel.ts"
import { complaints } from "../../src/notifications/complaints.ts"

const ID = "streaming-0-0123456789abcdef"
const channel: Channel = {
  id: Redacted.make(ID),
  address: Redacted.make(`wss://streaming.example/channels/${ID}`),
  livesMs: 1,
  expiresAt: 1,
  invalid: new Set()
}

/** What is logged, warnings and news, without what is for debugging. */
const logged = <A>(effect: Effect.Effect<A>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const logger = Logger.make(({ message }) => void lines.push(String(message)))
    yield* Effect.provide(effect, Logger.layer([logger]))
    return lines
  })

it.effect("tells of a failure once until it is over, and never names the channel", () =>
  Effect.gen(function* () {
    const { failed, recovered } = complaints()
    const refused = new PermissionMissing({
      permission: "notifications",
      detail: `not allowed on ${ID}`
    })
    const silent = new GenesysUnavailable({ reason: "connection-lost", detail: "the test" })
    const lines = yield* logged(
      Effect.all([
        failed(refused, channel),
        failed(refused, channel),
        failed(silent, undefined),
        recovered,
        recovered,
        failed(refused, channel)
      ])
    )
    assert.strictEqual(lines.length, 4)
    assert.notInclude(lines.join(), ID)
    assert.include(lines[0], "not allowed on [channel]")
  })
)

it.effect("names a few of the campaigns that are refused, each once", () =>
  Effect.gen(function* () {
    const { refused } = complaints()
    const ids = Array.from({ length: 7 }, (_, index) =>
      CampaignId.make(`66666666-6666-4666-8666-00000000000${index}`)
    )
    const lines = yield* logged(Effect.all([refused(ids), refused(ids), refused([])]))
    assert.strictEqual(lines.length, 1)
    assert.include(lines[0], "and 2 more")
  })
)
