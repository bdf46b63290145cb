import { secondsToMilliseconds } from "../SimulatorClock.ts"
import type { SimulatorState } from "../SimulatorState.ts"
import { setIdleAgents } from "../world/Queue.ts"
import { UNKNOWN_FACT_VALUES } from "../world/UnknownFacts.ts"
import type { UnknownFacts } from "../world/UnknownFacts.ts"
import { ControlError } from "./ControlError.ts"
import { Fields } from "./Fields.ts"
import { viewQueue } from "./views.ts"
import type { QueueView } from "./views.ts"

/** Sets the idle agents of a queue; they stay so many unless `held` is false. */
export const setAgents = (state: SimulatorState, body: unknown): QueueView => {
  const fields = new Fields(body)
  const queueId = fields.requiredString("queueId")
  const idle = fields.requiredNumber("idle", 0)
  const held = fields.boolean("held") ?? true
  fields.end()
  const queue = state.world.queues.get(queueId)
  if (queue === undefined) throw new ControlError(`No queue ${queueId}.`, 404)
  setIdleAgents(queue, Math.floor(idle), held)
  return viewQueue(queue)
}

/** Moves the world forward at once, every step of it lived through. */
export const advance = (state: SimulatorState, body: unknown): { readonly time: string } => {
  const fields = new Fields(body)
  const seconds = fields.requiredNumber("seconds", 0)
  fields.end()
  state.clock.advance(secondsToMilliseconds(seconds))
  state.world.advanceTo(state.clock.worldNow(), { skipLongSleep: false })
  return { time: new Date(state.world.now).toISOString() }
}

export const setTokens = (state: SimulatorState, body: unknown): { readonly seconds: number } => {
  const fields = new Fields(body)
  state.tokens.lifetimeSeconds = fields.requiredNumber("seconds", 0)
  fields.end()
  return { seconds: state.tokens.lifetimeSeconds }
}

export interface PermissionsView {
  readonly permissions: ReadonlyArray<string>
  readonly divisions: ReadonlyArray<string> | "all"
}

export const setPermissions = (state: SimulatorState, body: unknown): PermissionsView => {
  const fields = new Fields(body)
  const { permissions } = state
  const set = fields.strings("set")
  const grant = fields.strings("grant") ?? []
  const revoke = fields.strings("revoke") ?? []
  const divisions = fields.value("divisions") === "all" ? "all" : fields.strings("divisions")
  fields.end()
  if (set !== undefined) permissions.granted = new Set(set)
  for (const name of grant) permissions.granted.add(name)
  for (const name of revoke) permissions.granted.delete(name)
  if (divisions !== undefined)
    permissions.divisions = divisions === "all" ? undefined : new Set(divisions)
  return {
    permissions: [...permissions.granted],
    divisions: permissions.divisions === undefined ? "all" : [...permissions.divisions]
  }
}

/** Sets the requests a minute, null for no limit, and opens a fresh window. */
export const setRate = (
  state: SimulatorState,
  body: unknown
): { readonly allowed: number | null } => {
  const fields = new Fields(body)
  const allowed = fields.value("allowed") === null ? null : fields.requiredNumber("allowed", 0)
  fields.end()
  state.rate.allowed = allowed ?? undefined
  state.rate.reset()
  return { allowed }
}

export const setClock = (state: SimulatorState, body: unknown): { readonly serverTime: string } => {
  const fields = new Fields(body)
  state.dateSkew = secondsToMilliseconds(
    fields.requiredNumber("dateSkewSeconds", Number.NEGATIVE_INFINITY)
  )
  fields.end()
  return { serverTime: new Date(state.serverTime()).toISOString() }
}

const SWITCHES = Object.keys(UNKNOWN_FACT_VALUES) as ReadonlyArray<keyof UnknownFacts> // Object.keys forgets its keys' type.

export const readSwitches = (body: unknown): Partial<UnknownFacts> => {
  const fields = new Fields(body)
  const changes = SWITCHES.flatMap((key) => {
    const value = fields.oneOf<string | boolean>(key, UNKNOWN_FACT_VALUES[key])
    return value === undefined ? [] : [[key, value]]
  })
  fields.end()
  // Each value was found among those that its own switch may take.
  return Object.fromEntries(changes) as Partial<UnknownFacts>
}

export const setSwitches = (state: SimulatorState, body: unknown): UnknownFacts => {
  state.world.facts = { ...state.world.facts, ...readSwitches(body) }
  return state.world.facts
}
