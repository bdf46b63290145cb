import {
  AgentCapacity,
  AuditLog,
  type Campaign,
  CallingWindows,
  CampaignGateway,
  GenesysUnavailable,
  type Hold,
  Holds,
  parseWindow,
  type CallingWindow,
  type SupervisionPolicy,
  unknown
} from "@campaignctl/core"
import { Context, Effect, Fiber, Layer, Result, Scope, Stream } from "effect"
import { GuardStore } from "../../src/guard/GuardStore.ts"
import { supervise } from "../../src/guard/supervise.ts"
import { Transitions } from "../../src/ports/Transitions.ts"
import type { Hand, World } from "./world.ts"

/** Hours by the name of the callable time set that campaigns refer to. */
export const HOURS: Readonly<Record<string, string>> = {
  day: "09:00-20:00 Europe/Berlin",
  night: "00:30-02:30 Europe/Berlin",
  newYork: "01:15-01:45,08:00-21:00 America/New_York",
  /** Three times an hour for so long that a start is worth while, and closed in between. */
  brief: `${Array.from({ length: 24 }, (_, hour) =>
    ["00-#:14", "20-#:34", "40-#:54"]
      .map((slot) => `#:${slot}`.replaceAll("#", String(hour).padStart(2, "0")))
      .join(",")
  ).join(",")} UTC`,
  always: "00:00-24:00 UTC"
}

/** A halt of all campaigns. */
const HALT: Hold = {
  name: "halt",
  scope: {},
  raisedBy: "ada",
  raisedAt: "2026-03-08T06:00:00.000Z",
  reason: "model"
}

const windowNamed = (name: string): CallingWindow =>
  Result.getOrThrowWith(parseWindow(HOURS[name] ?? ""), () => new Error(`no hours ${name}`))

const windows = new Map<string, CallingWindow>()

/** A process that can be killed: from then on nothing that it does reaches anything. */
export interface Life {
  dead: boolean
}

const alive = <A, E, R>(life: Life, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => (life.dead ? Effect.never : effect))

/** The ports over the world, as one process has them. */
export const portsOf = (world: World, by: Hand, life: Life) => {
  const gateway = CampaignGateway.of({
    capabilities: {
      contract: "memory",
      showsDrain: true,
      showsDispositions: false,
      abruptPause: false
    },
    get: (id) =>
      alive(
        life,
        world.request((now) => Effect.sync(() => world.shown(world.find(id), now)))
      ),
    list: () =>
      Stream.fromEffect(
        alive(
          life,
          world.request((now) =>
            Effect.sync(() => ({
              campaigns: world.campaigns.map((held) => world.shown(held, now))
            }))
          )
        )
      ),
    apply: (campaign, change) => alive(life, world.apply(campaign, change, by)),
    stop: () => Effect.die("the guard never stops without a lock"),
    outstandingCalls: () => Effect.sync(() => undefined)
  })
  const capacity = AgentCapacity.oneByOne((scope) =>
    alive(
      life,
      Effect.suspend(() => {
        // Who overrides the guards need not wait for a count that fails.
        const agents =
          by === "guard" ? world.agents.get(scope._tag === "Queue" ? scope.id : "") : "unknown"
        if (agents === "failing")
          return Effect.fail(
            new GenesysUnavailable({ reason: "server-error", detail: "model", status: 503 })
          )
        return Effect.succeed(
          agents === undefined || agents === "unknown"
            ? unknown("the model says so.")
            : { _tag: "AgentsAvailable" as const, available: agents, of: "the queue" }
        )
      })
    )
  )
  const callingWindows = CallingWindows.of({
    windowFor: ({ callableTimeSet }: Campaign) =>
      alive(
        life,
        Effect.sync(() => {
          if (world.windowsUnknown) return unknown("the model says so.")
          const name = callableTimeSet?.id ?? ""
          const window = windows.get(name) ?? windowNamed(name)
          windows.set(name, window)
          return window
        })
      )
  })
  const holds = Holds.of({
    active: Effect.sync(() => (world.halted ? [HALT] : []))
  })
  return Effect.map(AuditLog, (ledger) => {
    const mortal = AuditLog.of({
      ...ledger,
      // A process that is gone appends nothing, not even in its finalizers.
      append: (draft) => (life.dead ? Effect.die("killed") : ledger.append(draft)),
      lastApplied: (ids) => alive(life, ledger.lastApplied(ids))
    })
    return Context.make(CampaignGateway, gateway).pipe(
      Context.add(AgentCapacity, capacity),
      Context.add(CallingWindows, callingWindows),
      Context.add(AuditLog, mortal),
      Context.add(Holds, holds)
    )
  })
}

/** A guard that runs until it is killed. */
export const startGuard = Effect.fnUntraced(function* (world: World, policy: SupervisionPolicy) {
  const life: Life = { dead: false }
  const ports = yield* portsOf(world, "guard", life)
  const store = yield* GuardStore
  const scope = yield* Scope.make()
  const fiber = yield* supervise(policy).pipe(
    Effect.provide(Transitions.layerDirect.pipe(Layer.provide(Layer.succeedContext(ports)))),
    Effect.provideContext(ports),
    Effect.provideService(GuardStore, store),
    Scope.provide(scope),
    Effect.forkDetach
  )
  return {
    kill: Effect.gen(function* () {
      life.dead = true
      yield* Effect.forkDetach(Fiber.interrupt(fiber))
    }),
    end: Fiber.interrupt(fiber)
  }
})
