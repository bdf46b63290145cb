import {
  AuditLog,
  AuditUnavailable,
  BudgetUnavailable,
  CampaignId,
  GenesysUnavailable,
  getState,
  NotAuthenticated,
  OutcomeUnknown,
  PermissionMissing
} from "@campaignctl/core"
import { auditDraft, GatewayWorld, MemoryLedger, outcomeDraft } from "@campaignctl/core/testing"
import { Effect, Fiber, type Layer } from "effect"
import { TestClock } from "effect/testing"
import { assert, describe, it } from "vitest"
import { recover } from "../src/campaigns/recover.ts"
import { Idempotency } from "../src/index.ts"
import { once, type OnceWork } from "../src/idempotency/once.ts"
import type { ServiceError } from "../src/problems/problemAnswer.ts"
import { json } from "../src/routes/Answer.ts"
import type { Incoming } from "../src/routes/Route.ts"
import { memoryServices } from "./support/memoryApp.ts"

const HOUR_MS = 3_600_000
const CAMPAIGN = CampaignId.make("11111111-1111-4111-8111-111111111111")

const incomingOf = (caller: string): Incoming => ({
  caller: { id: caller, requestedBy: caller, scopes: new Set() },
  requestId: "request",
  method: "POST",
  traceId: null,
  header: () => undefined,
  deployment: {
    base: "",
    requireIfMatch: false,
    bodyLimit: 1_000,
    ratePerMinute: undefined,
    stopping: () => false
  }
})

const run = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof memoryServices>>) =>
  Effect.runPromise(effect.pipe(Effect.provide(memoryServices), Effect.provide(TestClock.layer())))

/** Work that can be counted, and that ends as the test says. */
const counted = (ends: () => ServiceError | undefined = () => undefined) => {
  const seen = { performed: 0, recovered: 0 }
  const work: OnceWork = {
    perform: () =>
      Effect.suspend(() => {
        seen.performed += 1
        const error = ends()
        return error === undefined
          ? Effect.succeed(json({ n: seen.performed }))
          : Effect.fail(error)
      }),
    recover: () =>
      Effect.sync(() => {
        seen.recovered += 1
        return json({ recovered: seen.recovered })
      })
  }
  const ask = (key: string, caller = "ada", asked: string = "pause") =>
    once(key, { asked }, work, incomingOf(caller))
  return { ask, seen }
}

describe("the answer to a request that carries a key", () => {
  it("is kept for a day, and not for ever", () =>
    run(
      Effect.gen(function* () {
        const { ask, seen } = counted()
        const first = yield* ask("key")
        yield* TestClock.adjust(24 * HOUR_MS)
        assert.strictEqual((yield* ask("key")).body, first.body)
        assert.strictEqual(seen.performed, 1)
        yield* TestClock.adjust(2 * HOUR_MS)
        assert.notStrictEqual((yield* ask("key")).body, first.body)
        assert.strictEqual(seen.performed, 2)
      })
    ))

  it("is its caller's alone, and that of one request", () =>
    run(
      Effect.gen(function* () {
        const { ask, seen } = counted()
        yield* ask("key", "ada")
        yield* ask("key", "grace")
        assert.strictEqual(seen.performed, 2)
        const other = yield* Effect.flip(ask("key", "ada", "archive"))
        assert.strictEqual(other._tag === "HttpProblem" && other.code, "IDEMPOTENCY_KEY_REUSED")
        assert.strictEqual(seen.performed, 2)
      })
    ))

  it("is asked for again where nothing was done, repeated where that is not known", () =>
    run(
      Effect.gen(function* () {
        for (const error of [
          new GenesysUnavailable({ reason: "unreachable", detail: "" }),
          new BudgetUnavailable(),
          // Whoever grants it what it lacks sends the same again.
          new NotAuthenticated({ detail: "" }),
          new PermissionMissing({ permission: "outbound:campaign:edit", detail: "" })
        ]) {
          const nothing = counted(() => error)
          yield* Effect.flip(nothing.ask(error._tag))
          yield* Effect.flip(nothing.ask(error._tag))
          assert.deepStrictEqual(nothing.seen, { performed: 2, recovered: 0 }, error._tag)
        }
        const unknown = counted(
          () => new OutcomeUnknown({ campaignId: CAMPAIGN, target: "paused", detail: "" })
        )
        const [told, again] = [yield* unknown.ask("unknown"), yield* unknown.ask("unknown")]
        assert.deepStrictEqual([told.status, again.body], [504, told.body])
        assert.deepStrictEqual(unknown.seen, { performed: 1, recovered: 0 })
      })
    ))

  it("is looked for in the ledger where the change may have happened, or the run has died", () =>
    run(
      Effect.gen(function* () {
        const ledger = counted(
          () => new AuditUnavailable({ detail: "", changeMayHaveHappened: true })
        )
        yield* Effect.flip(ledger.ask("open"))
        assert.strictEqual((yield* ledger.ask("open")).body, json({ recovered: 1 }).body)
        assert.deepStrictEqual(ledger.seen, { performed: 1, recovered: 1 })
        const before = counted(
          () => new AuditUnavailable({ detail: "", changeMayHaveHappened: false })
        )
        yield* Effect.flip(before.ask("before"))
        yield* Effect.flip(before.ask("before"))
        assert.deepStrictEqual(before.seen, { performed: 2, recovered: 0 })
        const store = yield* Idempotency
        const use = { caller: "ada", key: "died", fingerprint: "" }
        assert.strictEqual((yield* store.claim(use))._tag, "Fresh")
        assert.strictEqual((yield* store.claim(use))._tag, "Running")
        yield* store.abandon(use)
        assert.strictEqual((yield* store.claim(use))._tag, "Orphaned")
      })
    ))

  it("is the work's own where nothing can be written of the key, and is looked for after that", () =>
    run(
      Effect.gen(function* () {
        const store = yield* Idempotency
        const down = () =>
          Effect.fail(new AuditUnavailable({ detail: "", changeMayHaveHappened: false }))
        const unwritten = Effect.provideService(
          Idempotency,
          Idempotency.of({ ...store, abandon: down, keep: down, release: down })
        )
        const open = counted(
          () => new AuditUnavailable({ detail: "", changeMayHaveHappened: true })
        )
        const told = yield* Effect.flip(unwritten(open.ask("open")))
        assert.strictEqual(told._tag === "AuditUnavailable" && told.changeMayHaveHappened, true)
        const done = counted()
        assert.strictEqual((yield* unwritten(done.ask("done"))).body, json({ n: 1 }).body)
        for (const { ask, seen } of [open, done]) {
          const key = ask === open.ask ? "open" : "done"
          assert.strictEqual((yield* ask(key)).body, json({ recovered: 1 }).body)
          assert.deepStrictEqual(seen, { performed: 1, recovered: 1 })
        }
      })
    ))
})

describe("what became of a change whose process died", () => {
  it("is told by its own entries alone", () =>
    run(
      Effect.gen(function* () {
        const { append } = yield* AuditLog
        const written = Effect.fnUntraced(function* (requestId: string, requestedBy: string) {
          const { id } = yield* append(auditDraft({ requestId, requestedBy }))
          yield* append(
            outcomeDraft(id, {
              requestId,
              requestedBy,
              errorCode: "GENESYS_REFUSED",
              success: false,
              outcome: "failed"
            })
          )
        })
        yield* written("mine", "ada")
        const look = (requestId: string, caller: string) =>
          Effect.map(recover(CAMPAIGN, requestId, incomingOf(caller)), (answer) => answer?.status)
        assert.strictEqual(yield* look("mine", "ada"), 422)
        assert.isUndefined(yield* look("another", "ada"))
        assert.isUndefined(yield* look("mine", "grace"))
      })
    ))

  it("is told though it has taken the campaign out of the caller's sight", () =>
    run(
      Effect.gen(function* () {
        const { append } = yield* AuditLog
        const { addCampaign } = yield* GatewayWorld
        const campaignId = yield* addCampaign({ name: "Moved away", state: "paused" })
        const asked = { campaignId, requestId: "mine", requestedBy: "ada" }
        const targetState = "archived"
        const { id } = yield* append(auditDraft({ ...asked, targetState }))
        yield* append(
          outcomeDraft(id, { ...asked, targetState, stateAfter: "archived", campaignName: "Mine" })
        )
        const incoming = incomingOf("ada")
        const bound = { ...incoming, caller: { ...incoming.caller, divisionIds: ["elsewhere"] } }
        const answer = yield* recover(campaignId, "mine", bound)
        const body = JSON.parse(answer?.body ?? "null")
        assert.deepStrictEqual(
          [answer?.status, body.outcome, body.state, body.name],
          [200, "applied", "archived", "Mine"]
        )
      })
    ))

  it("is not known while whoever makes the change lives, and is settled when they end", () =>
    run(
      Effect.gen(function* () {
        const { append } = yield* AuditLog
        const { addCampaign, failNext } = yield* GatewayWorld
        const id = yield* addCampaign({ name: "Left behind", state: "active" })
        const { campaign } = yield* getState(id)
        const begun = {
          campaignId: id,
          requestId: "mine",
          requestedBy: "ada",
          lockBefore: campaign.lock
        }
        // Settled once already, and begun again.
        const earlier = yield* append(auditDraft(begun))
        yield* append(outcomeDraft(earlier.id, { ...begun, outcome: "recovered", success: false }))
        yield* append(auditDraft(begun))
        const look = recover(id, "mine", incomingOf("ada"))
        const running = yield* Effect.flip(look)
        assert.strictEqual(
          running._tag === "HttpProblem" && running.code,
          "IDEMPOTENCY_IN_PROGRESS"
        )
        yield* Effect.flatMap(MemoryLedger, ({ crash }) => crash)
        yield* failNext("get", "server-error")
        const postponed = yield* Effect.flip(look)
        assert.strictEqual(
          postponed._tag === "AuditUnavailable" && postponed.changeMayHaveHappened,
          true
        )
        // Read back: the campaign was not written to, so that the change may be made now.
        const settling = yield* Effect.forkChild(look)
        yield* TestClock.adjust("1 second")
        assert.isUndefined(settling.pollUnsafe(), "a write that is on its way may still land")
        yield* TestClock.adjust("1 second")
        assert.isUndefined(yield* Fiber.join(settling))
      })
    ))
})
