import {
  type AuditLog,
  type AuditSource,
  type SupervisionPolicy,
  transition
} from "@campaignctl/core"
import { MemoryLedger } from "@campaignctl/core/testing"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import type { GuardStore } from "../../src/guard/GuardStore.ts"
import { portsOf, startGuard } from "./process.ts"
import type { Fault, World } from "./world.ts"

export const INTERVAL_MS = 60_000

/** Short dwell times, so that a history of an hour holds many of them. */
export const POLICY: SupervisionPolicy = {
  care: {},
  intervalMs: INTERVAL_MS,
  pauseDwellMs: 90_000,
  resumeDwellMs: 150_000,
  closingMarginMs: 140_000,
  flapLimit: 4,
  drift: "report",
  revertStops: false
}

/** What happens next in a history. */
export type Event =
  | { readonly _tag: "Wait"; readonly seconds: number }
  | { readonly _tag: "Agents"; readonly on: number; readonly count: number | "unknown" | "failing" }
  | { readonly _tag: "Windows"; readonly unknown: boolean }
  | {
      readonly _tag: "Turn"
      readonly on: boolean
      readonly campaign: number
      readonly by: "human" | "edge"
    }
  | { readonly _tag: "Edit"; readonly campaign: number }
  | { readonly _tag: "Halt"; readonly holds: boolean }
  | {
      readonly _tag: "Ask"
      readonly campaign: number
      readonly target: "active" | "paused"
      readonly source: AuditSource
    }
  | { readonly _tag: "Fault"; readonly fault: Fault }
  | { readonly _tag: "Crash"; readonly downSeconds: number }

const campaign = fc.nat({ max: 1 })
const wait = fc
  .oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 90, max: 600 }))
  .map((seconds): Event => ({ _tag: "Wait", seconds }))
const agents = fc
  .tuple(campaign, fc.constantFrom(0, 1, 1, 2, 5, 5, "unknown" as const, "failing" as const))
  .map(([on, count]): Event => ({ _tag: "Agents", on, count }))
const turn = fc
  .record({ on: fc.boolean(), campaign })
  .map((part): Event => ({ _tag: "Turn", by: "human", ...part }))
const ask = fc
  .record({
    campaign,
    target: fc.constantFrom("active" as const, "paused" as const),
    source: fc.constantFrom<AuditSource>("cli", "http")
  })
  .map((part): Event => ({ _tag: "Ask", ...part }))

/** What only people, agents and clocks do: nothing fails, and the guard does not end. */
const calm = [
  { weight: 8, arbitrary: wait },
  { weight: 4, arbitrary: agents },
  { weight: 3, arbitrary: turn },
  { weight: 1, arbitrary: ask },
  {
    weight: 1,
    arbitrary: campaign.map((one): Event => ({
      _tag: "Turn",
      on: false,
      by: "edge",
      campaign: one
    }))
  },
  { weight: 1, arbitrary: campaign.map((one): Event => ({ _tag: "Edit", campaign: one })) },
  { weight: 1, arbitrary: fc.boolean().map((holds): Event => ({ _tag: "Halt", holds })) }
]
const rough = [
  ...calm,
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<Fault>(
        "lostBefore",
        "lostAfter",
        "overtaken",
        "overtaken",
        "crossed",
        "crossed",
        "unavailable",
        "rateLimited"
      )
      .map((fault): Event => ({ _tag: "Fault", fault }))
  },
  { weight: 1, arbitrary: fc.boolean().map((unknown): Event => ({ _tag: "Windows", unknown })) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 0, max: 400 })
      .map((downSeconds): Event => ({ _tag: "Crash", downSeconds }))
  }
]

/** A queue runs out of agents and gets them back; meanwhile somebody may do something. */
const shortage = (meanwhile: fc.Arbitrary<Event>): fc.Arbitrary<ReadonlyArray<Event>> =>
  fc
    .tuple(
      campaign,
      fc.integer({ min: 160, max: 260 }),
      fc.array(fc.tuple(meanwhile, fc.integer({ min: 1, max: 120 })), { maxLength: 2 }),
      fc.option(fc.integer({ min: 1, max: 15 })),
      fc.option(fc.integer({ min: 60, max: 300 })),
      fc.integer({ min: 200, max: 420 })
    )
    .map(([on, short, acts, flick, unknown, fit]): ReadonlyArray<Event> => [
      { _tag: "Agents", on, count: 0 },
      { _tag: "Wait", seconds: short },
      // Somebody starts it and thinks better of it, between two looks.
      ...(flick === null
        ? []
        : ([
            { _tag: "Turn", by: "human", on: true, campaign: on },
            { _tag: "Wait", seconds: flick },
            { _tag: "Turn", by: "human", on: false, campaign: on }
          ] as const)),
      ...acts.flatMap(([act, seconds]): ReadonlyArray<Event> => [
        "campaign" in act ? { ...act, campaign: on } : act,
        { _tag: "Wait", seconds }
      ]),
      ...(unknown === null
        ? []
        : ([
            { _tag: "Agents", on, count: "unknown" },
            { _tag: "Wait", seconds: unknown }
          ] as const)),
      { _tag: "Agents", on, count: 5 },
      { _tag: "Wait", seconds: fit }
    ])

/** A queue that has agents now and then, for longer than the dwells. */
const flapping: fc.Arbitrary<ReadonlyArray<Event>> = fc
  .tuple(
    campaign,
    fc.array(fc.tuple(fc.integer({ min: 170, max: 260 }), fc.integer({ min: 230, max: 320 })), {
      minLength: 2,
      maxLength: 4
    })
  )
  .map(([on, times]) =>
    times.flatMap(([short, fit]): ReadonlyArray<Event> => [
      { _tag: "Agents", on, count: 0 },
      { _tag: "Wait", seconds: short },
      { _tag: "Agents", on, count: 5 },
      { _tag: "Wait", seconds: fit }
    ])
  )

/** A queue has no agents, and somebody starts its campaign again whenever it was paused. */
const insisting: fc.Arbitrary<ReadonlyArray<Event>> = fc
  .tuple(campaign, fc.array(fc.integer({ min: 100, max: 220 }), { minLength: 3, maxLength: 8 }))
  .map(([on, waits]): ReadonlyArray<Event> => [
    { _tag: "Agents", on, count: 0 },
    ...waits.flatMap((seconds): ReadonlyArray<Event> => [
      { _tag: "Wait", seconds },
      { _tag: "Turn", by: "human", on: true, campaign: on }
    ])
  ])

/** Near openings and closings, and the nights on which clocks change, in Berlin and in New York. */
const BEGINNINGS = [
  "2026-11-23T07:40:00Z",
  "2026-11-23T18:30:00Z",
  "2026-11-23T12:00:00Z",
  "2026-03-28T23:15:00Z",
  "2026-03-29T00:20:00Z",
  "2026-10-24T23:40:00Z",
  "2026-10-25T00:50:00Z",
  "2026-03-08T06:00:00Z",
  "2026-11-01T05:00:00Z",
  "2026-11-01T06:05:00Z"
] as const

/** One history, from its beginning on. */
export interface History {
  readonly begins: string
  readonly hours: readonly [string, string]
  readonly statuses: readonly [string, string]
  readonly calm: boolean
  readonly drainBumps: boolean
  readonly hasCalls: boolean
  readonly callSeconds: number
  readonly drift: SupervisionPolicy["drift"]
  readonly revertStops: boolean
  readonly seed: number
  readonly events: ReadonlyArray<Event>
}

const hours = fc.constantFrom("day", "night", "newYork", "brief", "always", "always", "always")
const status = fc.constantFrom("on", "on", "on", "off")
const events = (isCalm: boolean): fc.Arbitrary<ReadonlyArray<Event>> =>
  fc
    .array(
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc.array(fc.oneof(...(isCalm ? calm : rough)), {
            minLength: 1,
            maxLength: 6,
            size: "max"
          })
        },
        { weight: 1, arbitrary: insisting },
        { weight: 1, arbitrary: flapping },
        { weight: 3, arbitrary: shortage(fc.oneof(...(isCalm ? calm : rough).slice(2))) }
      ),
      { minLength: 1, maxLength: 6, size: "max" }
    )
    .map((scenes) => scenes.flat())

export const history: fc.Arbitrary<History> = fc.boolean().chain((isCalm) =>
  fc.record({
    begins: fc.constantFrom(...BEGINNINGS),
    hours: fc.tuple(hours, hours),
    statuses: fc.tuple(status, status),
    calm: fc.constant(isCalm),
    drainBumps: fc.boolean(),
    hasCalls: fc.boolean(),
    callSeconds: fc.constantFrom(2, 10, 40),
    drift: fc.constantFrom("report" as const, "adopt" as const, "revert" as const),
    revertStops: fc.boolean(),
    seed: fc.nat(),
    events: events(isCalm)
  })
)

/** When the guard was not there, and when it could not know the hours. */
export interface Absences {
  /** From, to: epoch milliseconds. */
  readonly down: Array<[number, number]>
  readonly windowsUnknown: Array<[number, number]>
  /** When it was ended for good. */
  readonly ended: number
}

/** Plays a history, and gives what the guard cannot be blamed for. */
export const play = Effect.fnUntraced(function* (
  world: World,
  { drift, events: happening, revertStops }: History
): Effect.fn.Return<Absences, never, GuardStore | AuditLog | MemoryLedger> {
  const policy = { ...POLICY, drift, revertStops }
  const absences: Omit<Absences, "ended"> = { down: [], windowsUnknown: [] }
  let guard = yield* startGuard(world, policy)
  yield* TestClock.adjust(INTERVAL_MS)
  for (const event of happening) {
    const now = yield* Clock.currentTimeMillis
    world.passTime(now)
    switch (event._tag) {
      case "Wait":
        yield* TestClock.adjust(event.seconds * 1_000)
        break
      case "Agents":
        world.setAgents(event.on, event.count, now)
        break
      case "Windows":
        if (event.unknown && !world.windowsUnknown) absences.windowsUnknown.push([now, Infinity])
        const last = absences.windowsUnknown.at(-1)
        if (!event.unknown && world.windowsUnknown && last !== undefined) last[1] = now
        world.windowsUnknown = event.unknown
        break
      case "Turn":
        world.turn(world.at(event.campaign), event.on, event.by, now, {
          forced: event.by === "edge"
        })
        break
      case "Edit":
        world.edit(world.at(event.campaign))
        break
      case "Halt":
        world.halts.push({ at: now, holds: event.holds })
        break
      case "Fault":
        world.fault(event.fault)
        break
      case "Ask":
        yield* asks(world, event.campaign, event.target, event.source)
        break
      case "Crash": {
        yield* guard.kill
        yield* (yield* MemoryLedger).crash
        yield* TestClock.adjust(event.downSeconds * 1_000)
        absences.down.push([now, yield* Clock.currentTimeMillis])
        guard = yield* startGuard(world, policy)
        break
      }
    }
    yield* TestClock.adjust(0)
  }
  yield* TestClock.adjust(INTERVAL_MS * 3)
  const ended = yield* Clock.currentTimeMillis
  yield* guard.kill
  yield* TestClock.adjust(INTERVAL_MS)
  return { ...absences, ended }
})

/** Somebody uses campaignctl. It takes no time, so that what they asked for has an instant. */
const asks = Effect.fnUntraced(function* (
  world: World,
  number: number,
  target: "active" | "paused",
  source: AuditSource
) {
  const held = world.at(number)
  const ports = yield* portsOf(world.atOnce(), "human", { dead: false })
  yield* transition({
    campaignId: held.id,
    target,
    ...(target === "paused" ? { pauseReason: "AGENT_CAPACITY" as const } : {}),
    overrides: [
      { guard: "capacity", note: "model" },
      { guard: "callingWindow", note: "model" }
    ],
    requestedBy: "ada",
    source
  }).pipe(Effect.provideContext(ports), Effect.ignore)
  const sequence = world.entries().length
  if (target === "paused" && held.status !== "on") {
    held.askedAt = sequence
    held.touched = true
  }
})
