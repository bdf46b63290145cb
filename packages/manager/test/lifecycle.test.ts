import { setImmediate } from "node:timers/promises"
import { AuditLog, type AuditUnavailable } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Deferred, Effect, Layer } from "effect"
import { expect, it } from "vitest"
import { fromLayer } from "../src/CampaignStateManager.ts"
import { CampaignStateManager } from "../src/index.ts"
import { collect } from "./support/collect.ts"
import { memoryPorts, heldGateway } from "./support/memoryPorts.ts"
import { thrownBy } from "./support/thrownBy.ts"

const UNKNOWN_ID = "11111111-1111-4111-8111-111111111111"

/** A manager whose ports come up when the gate opens, and how often they were opened. */
const gated = async () => {
  const ports = await memoryPorts()
  const gate = Deferred.makeUnsafe<void, AuditUnavailable>()
  const seen = { opened: 0, closed: 0 }
  const layer = Layer.effectContext(
    Effect.acquireRelease(
      Effect.suspend(() => {
        seen.opened += 1
        return Effect.as(Deferred.await(gate), ports.context)
      }),
      () => Effect.sync(() => void (seen.closed += 1))
    )
  )
  return {
    ports,
    seen,
    manager: fromLayer(layer),
    open: () => Effect.runPromise(Deferred.succeed(gate, undefined))
  }
}

it("opens its ports on first use, once for all who ask at the same time and after", async () => {
  const { manager, open, ports, seen } = await gated()
  const id = await ports.addCampaign("Winter renewals")
  expect(seen.opened).toBe(0)
  const all = Promise.all([
    manager.getCurrentState(id),
    manager.initialize(),
    manager.initialize(),
    collect(manager.listCampaigns())
  ])
  await open()
  const [state, first, second, list] = await all
  expect(state).toMatchObject({ id, state: "active" })
  expect(list).toHaveLength(1)
  expect(second).toBe(first)
  expect(await manager.initialize()).toBe(first)
  await manager.close()
  expect(seen).toEqual({ opened: 1, closed: 1 })
})

it("tells what it settled of an earlier process", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals", "paused")
  await ports.run(ports.log.append(auditDraft({ campaignId: id, lockBefore: null })))
  const missing = auditDraft({ campaignId: UNKNOWN_ID, targetState: "active", pauseReason: null })
  await ports.run(ports.log.append(missing))
  await Effect.runPromise(ports.ledger.crash)
  await using manager = ports.manager()
  expect(await manager.initialize()).toMatchObject([
    { campaignId: id, target: "paused", outcome: "recovered", changed: true, intentSequence: 1 },
    { campaignId: UNKNOWN_ID, outcome: "unknown", changed: null, intentSequence: 2 }
  ])
  const outcomes = (await ports.entries()).filter(({ kind }) => kind === "outcome")
  expect(outcomes).toHaveLength(2)
})

it("postpones what cannot be settled now", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals", "paused")
  await ports.run(ports.log.append(auditDraft({ campaignId: id })))
  await Effect.runPromise(ports.ledger.crash)
  await ports.run(ports.world.failNext("get", "server-error"))
  await using manager = ports.manager()
  expect(await manager.initialize()).toMatchObject([
    { outcome: "postponed", changed: null, auditSequence: null }
  ])
})

it("closes what an opening that failed had opened, and opens afresh", async () => {
  const { manager, open, ports, seen } = await gated()
  await open()
  await Effect.runPromise(ports.ledger.breakWith("the disk is full."))
  expect(await thrownBy(() => manager.initialize())).toMatchObject({
    name: "AuditUnavailableError",
    code: "AUDIT_UNAVAILABLE",
    changeMayHaveHappened: false
  })
  expect(await thrownBy(() => collect(manager.auditTrail()))).toMatchObject({
    code: "AUDIT_UNAVAILABLE"
  })
  expect(seen).toEqual({ opened: 2, closed: 2 })
  await Effect.runPromise(ports.ledger.breakWith(undefined))
  expect(await manager.initialize()).toEqual([])
  await manager.close()
  expect(seen).toEqual({ opened: 3, closed: 3 })
})

it("gives an aborted change its outcome before it rejects", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  const { asked, overrides } = heldGateway(ports.context)
  await using manager = ports.manager(overrides)
  const controller = new AbortController()
  const call = thrownBy(() =>
    manager.transitionState(id, "paused", "OTHER", { signal: controller.signal })
  )
  await asked
  controller.abort("the user left")
  expect(await call).toMatchObject({ name: "AbortError", code: "ABORTED", cause: "the user left" })
  expect(await ports.entries()).toMatchObject([
    { kind: "intent" },
    { kind: "outcome", outcome: "unknown", errorCode: "INTERRUPTED" }
  ])
})

it("begins nothing for a signal that is aborted already", async () => {
  const { manager, seen } = await gated()
  const signal = AbortSignal.abort()
  const calls = [
    () => manager.initialize({ signal }),
    () => manager.transitionState(UNKNOWN_ID, "paused", "OTHER", { signal }),
    () => manager.getCurrentState(UNKNOWN_ID, { signal }),
    () => manager.explain(UNKNOWN_ID, "active", { signal }),
    () => manager.awaitDrain(UNKNOWN_ID, { signal }),
    () => collect(manager.listCampaigns({}, { signal })),
    () => collect(manager.auditTrail({}, { signal })),
    () => manager.verifyAudit({ signal }),
    () => manager.registerWebhook("https://wfm.example/", { signal })
  ]
  for (const call of calls) expect(await thrownBy(call)).toMatchObject({ code: "ABORTED" })
  expect(seen.opened).toBe(0)
  await manager.close()
})

it("lets one waiter go without ending the opening for the others", async () => {
  const { manager, open, seen } = await gated()
  const controller = new AbortController()
  const leaver = thrownBy(() => manager.initialize({ signal: controller.signal }))
  const stayer = manager.initialize()
  controller.abort()
  expect(await leaver).toMatchObject({ code: "ABORTED" })
  await open()
  expect(await stayer).toEqual([])
  await manager.close()
  expect(seen).toEqual({ opened: 1, closed: 1 })
})

it("ends an iteration whose signal is aborted", async () => {
  const ports = await memoryPorts()
  for (let n = 0; n < 3; n++) await ports.addCampaign(`Campaign ${n}`)
  await using manager = ports.manager()
  const controller = new AbortController()
  const seen: Array<string> = []
  const call = async () => {
    for await (const { name } of manager.listCampaigns({}, { signal: controller.signal })) {
      seen.push(name)
      controller.abort()
    }
  }
  expect(await thrownBy(call)).toMatchObject({ code: "ABORTED" })
  expect(seen).toEqual(["Campaign 0"])
})

it("ends an iteration that waits for its next page", async () => {
  const ports = await memoryPorts()
  const { asked, overrides } = heldGateway(ports.context)
  await using manager = ports.manager(overrides)
  const controller = new AbortController()
  const call = thrownBy(() => collect(manager.listCampaigns({}, { signal: controller.signal })))
  await asked
  controller.abort()
  expect(await call).toMatchObject({ code: "ABORTED" })

  const other = ports.manager(overrides)
  const cut = thrownBy(() => collect(other.listCampaigns()))
  await other.initialize()
  await other.close({ signal: AbortSignal.abort() })
  expect(await cut).toMatchObject({ code: "MANAGER_CLOSED" })
})

it("rejects every call once it is closed, the next step of an iteration too", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  const manager = ports.manager()
  const begun = manager.listCampaigns()
  await begun.next()
  await Promise.all([manager.close(), manager.close()])
  await manager.close()
  const calls = [
    () => manager.initialize(),
    () => manager.transitionState(id, "paused", "OTHER"),
    () => manager.getCurrentState(id),
    () => manager.explain(id, "active"),
    () => manager.awaitDrain(id),
    () => collect(manager.listCampaigns()),
    () => collect(manager.auditTrail()),
    () => manager.verifyAudit(),
    () => manager.registerWebhook(),
    () => begun.next()
  ]
  for (const call of calls)
    expect(await thrownBy(call)).toMatchObject({
      name: "ManagerClosedError",
      code: "MANAGER_CLOSED"
    })
  expect(await ports.entries()).toEqual([])
})

it("closes only when the calls that run have ended", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  const { asked, overrides, reply } = heldGateway(ports.context)
  const manager = ports.manager(overrides)
  const call = manager.transitionState(id, "paused", "OTHER")
  await asked
  const closed = manager.close()
  expect(await thrownBy(() => manager.getCurrentState(id))).toMatchObject({
    code: "MANAGER_CLOSED"
  })
  // Turns of the event loop in which a close that did not wait would end the call.
  for (let turn = 0; turn < 10; turn++) await setImmediate()
  await reply()
  expect(await call).toMatchObject({ outcome: "applied" })
  await closed
})

it("ends the calls that run when told not to wait, and gives them their outcome", async () => {
  const ports = await memoryPorts()
  const id = await ports.addCampaign("Winter renewals")
  const { asked, overrides } = heldGateway(ports.context)
  const manager = ports.manager(overrides)
  const call = thrownBy(() => manager.transitionState(id, "paused", "OTHER"))
  await asked
  const patience = new AbortController()
  const closed = manager.close({ signal: patience.signal })
  patience.abort()
  expect(await call).toMatchObject({ code: "MANAGER_CLOSED" })
  await closed
  expect((await ports.entries()).at(-1)).toMatchObject({ kind: "outcome", outcome: "unknown" })
})

it("reports a fault of its own without what hangs on the foreign error", async () => {
  const ports = await memoryPorts()
  const secret = "s3cr3t-token"
  const log = { ...ports.log, verify: Effect.die(Object.assign(new Error("boom"), { secret })) }
  const manager = fromLayer(
    Layer.succeedContext(ports.context).pipe(Layer.merge(Layer.succeed(AuditLog, log)))
  )
  const error = await thrownBy(() => manager.verifyAudit())
  expect(error).toMatchObject({ name: "UnexpectedError", code: "UNEXPECTED" })
  expect(error).toHaveProperty("cause.message", "boom")
  expect(error).not.toHaveProperty("cause.secret")
  await manager.close()
})

it("reads nothing before it is used, and closes without having been opened", async () => {
  const manager = new CampaignStateManager({ env: {}, databaseUrl: "nonsense" })
  await manager.close()
  expect(await thrownBy(() => manager.initialize())).toMatchObject({ code: "MANAGER_CLOSED" })
})

it("names every problem of its configuration on the first call, and gives no half-made manager", async () => {
  const options = { env: {}, databaseUrl: "nonsense" }
  const wrong = { code: "CONFIG_INVALID", problems: { length: 3 } }
  await using manager = new CampaignStateManager(options)
  expect(await thrownBy(() => manager.getCurrentState(UNKNOWN_ID))).toMatchObject(wrong)
  expect(await thrownBy(() => CampaignStateManager.create(options))).toMatchObject(wrong)
})
