import { auditDraft, MemoryLedger } from "@campaignctl/core/testing"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { Webhook } from "standardwebhooks"
import { forget } from "../src/delivery/deliver.ts"
import { Webhooks } from "../src/index.ts"
import {
  append,
  applied,
  campaignOf,
  DAY_MS,
  HOUR_MS,
  live,
  round,
  subscribe
} from "./support/steps.ts"
import { answering, Receivers, worlds } from "./support/world.ts"

const URL_A = "https://a.example.com/hook?token=hush"
const URL_B = "https://b.example.com/hook"
const SECRET = Redacted.make(`whsec_${Buffer.alloc(24, 7).toString("base64")}`)

const OTHER_SECRET = Redacted.make(`whsec_${Buffer.alloc(24, 8).toString("base64")}`)

const asked = { requestedBy: "ada@example.com" }

describe.each(worlds)("subscriptions on %s", (_name, world) => {
  it.effect("are kept as they were asked for, and shown without their secret", () =>
    Effect.gen(function* () {
      const webhooks = yield* Webhooks
      const draft = {
        url: URL_A,
        eventTypes: ["campaign.drained"],
        filter: { campaignIds: [campaignOf(1)] },
        description: "Workforce management"
      }
      const { secret, subscription } = yield* webhooks.add({ draft, ...asked })
      expect(subscription).toMatchObject({ ...draft, disabled: null, divisionIds: null })
      expect(yield* webhooks.list({})).toEqual([subscription])
      expect(JSON.stringify(subscription)).not.toContain(Redacted.value(secret))
      expect(Redacted.value(secret)).toMatch(/^whsec_[\w+/]{43}=$/)
      expect(JSON.stringify(secret)).not.toContain("whsec")
      const changed = yield* webhooks.update(subscription.id, { url: URL_B, eventTypes: [] })
      expect(changed).toEqual({ ...subscription, url: URL_B, eventTypes: [] })
      expect(yield* webhooks.remove(subscription.id)).toEqual(changed)
      expect(yield* Effect.flip(webhooks.get(subscription.id))).toMatchObject({
        _tag: "SubscriptionNotFound"
      })
    }).pipe(Effect.provide(world))
  )

  it.effect("take the ids of their filter in capitals, and hear of those campaigns", () =>
    Effect.gen(function* () {
      const webhooks = yield* Webhooks
      const filter = { campaignIds: [campaignOf(1)], divisionIds: [campaignOf(2)] }
      const capitals = {
        campaignIds: [campaignOf(1).toUpperCase()],
        divisionIds: [campaignOf(2).toUpperCase()]
      }
      const { subscription } = yield* webhooks.add({
        draft: { url: URL_A, filter: capitals },
        ...asked
      })
      expect(subscription.filter).toEqual(filter)
      yield* webhooks.update(subscription.id, { filter: {} })
      const changed = yield* webhooks.update(subscription.id, { filter: capitals })
      expect(changed.filter).toEqual(filter)
    }).pipe(Effect.provide(world))
  )

  it.effect("are refused where they cannot be understood, without a word of their address", () =>
    Effect.gen(function* () {
      const webhooks = yield* Webhooks
      const drafts = [
        { url: URL_A, eventTypes: ["campaign.born"] },
        { url: URL_A, retryForMs: 1 },
        { url: URL_A, colour: "red" },
        { url: ["https://a.example.com/?hush"] },
        { url: URL_A, secret: "whsec_hush" },
        { url: URL_A, filter: { divisionIds: [] }, description: { hush: "hush" } },
        {}
      ]
      for (const draft of drafts) {
        const error = yield* Effect.flip(webhooks.add({ draft, ...asked }))
        expect(error._tag).toBe("RequestInvalid")
        expect(error.message).not.toContain("hush")
      }
      const weak = { draft: { url: URL_A }, secret: Redacted.make("whsec_aHVzaA=="), ...asked }
      const error = yield* Effect.flip(webhooks.add(weak))
      expect(error.message).toContain("24 to 64 bytes")
      expect(error.message).not.toContain("aHVzaA")
      const inside = yield* Effect.flip(
        webhooks.add({ draft: { url: "https://10.0.0.1/?hush" }, ...asked })
      )
      expect(inside).toMatchObject({ _tag: "ReceiverRefused", receiver: "https://10.0.0.1/" })
      expect(inside.message).not.toContain("hush")
      const { subscription } = yield* subscribe(URL_A)
      const moved = yield* Effect.flip(
        webhooks.update(subscription.id, { url: "http://b.example.com/" })
      )
      expect(moved._tag).toBe("ReceiverRefused")
      expect(yield* webhooks.list({})).toEqual([subscription])
    }).pipe(Effect.provide(world))
  )

  it.effect("are signed for with every secret that is valid, and with no other", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      const { subscription } = yield* webhooks.add({
        draft: { url: URL_A },
        secret: SECRET,
        ...asked
      })
      const { secret: second, subscription: rotated } = yield* webhooks.rotateSecret(
        subscription.id,
        {
          retireAfterMs: HOUR_MS
        }
      )
      const hour = new Date(HOUR_MS).toISOString()
      expect(rotated.secrets.map(({ retiresAt }) => retiresAt)).toEqual([null, hour])
      // What retires sooner is not kept any longer by another rotation.
      const { subscription: again } = yield* webhooks.rotateSecret(subscription.id)
      const day = new Date(DAY_MS).toISOString()
      expect(again.secrets.map(({ retiresAt }) => retiresAt)).toEqual([null, day, hour])
      yield* forget
      yield* append(applied(1))
      yield* round
      yield* live(HOUR_MS)
      yield* append(applied(2))
      yield* round
      const signaturesOf = (n: number, secret: Redacted.Redacted) => {
        const got = receivers.received(URL_A)[n]
        const signature = new Webhook(Redacted.value(secret)).sign(
          got?.id ?? "",
          new Date(got?.at ?? 0),
          got?.message.body ?? ""
        )
        return got?.message.headers["webhook-signature"]?.split(" ").includes(signature)
      }
      expect([signaturesOf(0, SECRET), signaturesOf(0, second)]).toEqual([true, true])
      expect([signaturesOf(1, SECRET), signaturesOf(1, second)]).toEqual([false, true])
      yield* forget
      expect((yield* webhooks.get(subscription.id)).secrets).toHaveLength(2)
      expect(
        yield* Effect.flip(webhooks.rotateSecret(subscription.id, { retireAfterMs: -1 }))
      ).toMatchObject({ _tag: "RequestInvalid" })
    }).pipe(Effect.provide(world))
  )

  it.effect("of one manager are one, and follow what it says", () =>
    Effect.gen(function* () {
      const webhooks = yield* Webhooks
      const managed = { managedBy: "WEBHOOK_CALLBACK_URL", ...asked }
      const first = yield* webhooks.ensure({ draft: { url: URL_A }, ...managed })
      expect(first.secret).toBeDefined()
      const again = yield* webhooks.ensure({ draft: { url: URL_A }, ...managed })
      expect(again).toEqual({ subscription: first.subscription })
      const moved = yield* webhooks.ensure({ draft: { url: URL_B }, secret: SECRET, ...managed })
      expect(moved.subscription).toMatchObject({ id: first.subscription.id, url: URL_B })
      expect(moved.subscription.secrets).toHaveLength(2)
      const settled = yield* webhooks.ensure({ draft: { url: URL_B }, secret: SECRET, ...managed })
      expect(settled.subscription.secrets).toHaveLength(2)
      expect(yield* webhooks.list({})).toHaveLength(1)
      const inside = { draft: { url: "https://10.0.0.1/" }, ...managed }
      expect((yield* Effect.flip(webhooks.ensure(inside)))._tag).toBe("ReceiverRefused")
      // One that is configured again while it still retires must outlive that.
      yield* webhooks.ensure({ draft: { url: URL_B }, secret: OTHER_SECRET, ...managed })
      yield* webhooks.ensure({ draft: { url: URL_B }, secret: SECRET, ...managed })
      yield* live(2 * DAY_MS)
      yield* append(applied(1))
      yield* round
      const [got] = (yield* Receivers).received(URL_B)
      expect(got?.message.headers["webhook-signature"]).toBe(
        new Webhook(Redacted.value(SECRET)).sign(
          got?.id ?? "",
          new Date(got?.at ?? 0),
          got?.message.body ?? ""
        )
      )
    }).pipe(Effect.provide(world))
  )

  it.effect("of a caller bound to divisions hear and show nothing beyond them", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      const bound = { divisionIds: ["north"] }
      const { subscription } = yield* webhooks.add({ draft: { url: URL_A }, ...asked, ...bound })
      const { subscription: other } = yield* subscribe(URL_B)
      yield* append(applied(1, { divisionId: "north" }))
      yield* append(applied(2, { divisionId: "south" }))
      yield* append(applied(3))
      yield* round
      expect(receivers.received(URL_A).map(({ event }) => event.subject)).toEqual([campaignOf(1)])
      expect(receivers.received(URL_B)).toHaveLength(3)
      expect((yield* webhooks.list(bound)).map(({ id }) => id)).toEqual([subscription.id])
      expect(yield* webhooks.list({ divisionIds: ["south"] })).toEqual([])
      expect(yield* webhooks.deliveries(bound)).toHaveLength(1)
      expect(yield* webhooks.deliveries({})).toHaveLength(4)
      const [theirs] = yield* webhooks.deliveries({ subscriptionId: other.id })
      const hidden = [
        webhooks.get(other.id, bound),
        webhooks.update(other.id, { enabled: false }, bound),
        webhooks.remove(other.id, bound),
        webhooks.rotateSecret(other.id, bound),
        webhooks.test(other.id, { ...asked, ...bound }),
        webhooks.deliveries({ subscriptionId: other.id, ...bound }),
        webhooks.redeliver({ subscriptionId: other.id }, bound),
        webhooks.delivery(theirs?.id ?? "", bound),
        webhooks.redeliver({ deliveryId: theirs?.id ?? "" }, bound)
      ]
      for (const ask of hidden)
        expect((yield* Effect.flip<unknown, { _tag: string }, never>(ask))._tag).toMatch(
          /NotFound$/
        )
    }).pipe(Effect.provide(world))
  )

  it.effect("are tested with a message of their own, which the ledger knows of", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      const { subscription } = yield* subscribe(URL_A)
      receivers.behave(URL_A, answering(418))
      const answer = yield* webhooks.test(subscription.id, asked)
      expect(answer).toMatchObject({
        delivered: false,
        status: 418,
        detail: "The receiver answered 418."
      })
      const [got] = receivers.received(URL_A)
      expect(got?.event).toMatchObject({ type: "webhook.test", subject: subscription.id })
      const [told] = yield* (yield* MemoryLedger).entries
      expect(told).toMatchObject({
        kind: "delivery",
        campaignId: "*",
        success: false,
        requestedBy: asked.requestedBy,
        delivery: { eventId: answer.eventId, status: 418, receiver: "https://a.example.com/…" }
      })
    }).pipe(Effect.provide(world))
  )

  it.effect("are listed by pages, repeated one by one, and forgotten after a week", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      const webhooks = yield* Webhooks
      yield* subscribe(URL_A)
      for (const n of [1, 2, 3]) yield* append(applied(n))
      yield* round
      const newest = yield* webhooks.deliveries({ limit: 2 })
      const older = yield* webhooks.deliveries({ before: newest[1]?.id ?? "" })
      expect([newest.length, older.length]).toEqual([2, 1])
      expect(older[0]?.auditSequence).toBeGreaterThan(3)
      expect(yield* webhooks.redeliver({ deliveryId: older[0]?.id ?? "" })).toBe(1)
      const early = yield* Effect.flip(webhooks.redeliver({ deliveryId: older[0]?.id ?? "" }))
      expect(early._tag).toBe("DeliveryNotRepeatable")
      yield* round
      const ids = receivers.received(URL_A).map(({ id }) => id)
      expect(ids).toHaveLength(4)
      expect(ids[3]).toBe(ids[0])
      yield* live(8 * DAY_MS)
      yield* forget
      expect(yield* webhooks.deliveries({})).toEqual([])
    }).pipe(Effect.provide(world))
  )

  it.effect("leave nothing behind when they are removed, least of all a secret", () =>
    Effect.gen(function* () {
      const { remove } = yield* Webhooks
      const sql = yield* SqlClient.SqlClient
      ;(yield* Receivers).behave(URL_A, answering(500))
      const { subscription } = yield* subscribe(URL_A)
      yield* append(applied(1))
      yield* round
      const left = Effect.all([
        sql`SELECT id FROM webhook_secrets`,
        sql`SELECT id FROM webhook_deliveries`,
        sql`SELECT number FROM webhook_attempts`
      ])
      expect((yield* left).map(({ length }) => length)).toEqual([1, 1, 1])
      yield* remove(subscription.id)
      expect(yield* left).toEqual([[], [], []])
    }).pipe(Effect.provide(world))
  )

  it.effect("hear of a fleet's end once, though it was written down twice", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      yield* subscribe(URL_A)
      const finished = auditDraft({
        campaignId: "*",
        kind: "fleet-finished",
        currentState: null,
        fleet: {
          operationId: "0199aaaa-0000-7000-8000-000000000001",
          status: "succeeded",
          targetState: "paused",
          campaigns: { applied: 3 }
        }
      })
      yield* append(finished)
      yield* round
      yield* append(finished)
      yield* append(finished)
      yield* round
      expect(receivers.received(URL_A).map(({ id }) => id)).toEqual([
        "0199aaaa-0000-7000-8000-000000000001:fleet.finished"
      ])
    }).pipe(Effect.provide(world))
  )
})
