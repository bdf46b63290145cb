import type { AuditEntry } from "@campaignctl/core"
import { agentsAt, at, isOpen, ownAgentsAt } from "./hindsight.ts"
import { type Absences, INTERVAL_MS, POLICY } from "./history.ts"
import { Broken, type Held, type World, type Write } from "./world.ts"

/** Milliseconds that a decision takes to reach Genesys where nothing fails. */
export const SENDING_MS = 10_000
/** Looks may come this much later than the interval says: their jitter, and what they take. */
const LOOK_MS = INTERVAL_MS * 1.1 + SENDING_MS
/** Intervals without a look after which a dwell begins anew. */
const UNBROKEN_INTERVALS = 3
const SECOND_MS = 1_000

/** Whether something held at some instant, both ends included. */
const everHeld = (from: number, to: number, holds: (now: number) => boolean): boolean => {
  for (let now = from; now <= to; now += SECOND_MS) if (holds(now)) return true
  return holds(to)
}

/** What must hold of each change that the guard made: it had its reason, and waited for as long as it must. */
export const checkActs = (world: World, held: Held, absences: Absences, calm: boolean): void => {
  for (const write of world.writes) {
    if (write.id !== held.id) continue
    if (write.target === "active") checkResume(held, write, absences, calm)
    if (write.reason === "AGENT_CAPACITY") checkPause(world, held, write, absences, calm)
  }
}

/** What a halt holds is left alone, and no start of it is even asked for. */
export const checkHalts = (world: World, entries: ReadonlyArray<AuditEntry>): void => {
  for (const { kind, source, targetState, timestamp } of entries) {
    if (kind !== "rejection" || source !== "guard" || targetState !== "active") continue
    const then = Date.parse(timestamp)
    const wasFree = everHeld(then - SENDING_MS, then, (now) => at(world.halts, now)?.holds !== true)
    if (!wasFree) throw new Broken("the guard asked for a start that a halt holds")
  }
}

/** No look for longer than may be ends every dwell. */
const checkUnbroken = ({ down }: Absences, { at }: Write, dwellMs: number, what: string): void => {
  const broken = down.some(
    ([from, to]) => to - from > UNBROKEN_INTERVALS * INTERVAL_MS && to > at - dwellMs && to <= at
  )
  if (broken) throw new Broken(`${what}, and nobody looked for most of its dwell`)
}

const checkPause = (
  world: World,
  held: Held,
  write: Write,
  absences: Absences,
  calm: boolean
): void => {
  const dwell = POLICY.pauseDwellMs
  checkUnbroken(absences, write, dwell, "paused for want of agents")
  const wasShort = (now: number) => (agentsAt(world, held, now) ?? 0) < 2
  if (calm && !everHeld(write.at - dwell - LOOK_MS, write.at - dwell, wasShort))
    throw new Broken("paused for want of agents before the dwell was over")
}

const checkResume = (held: Held, write: Write, absences: Absences, calm: boolean): void => {
  const dwell = POLICY.resumeDwellMs
  if (!isOpen(held.zone, write.at)) throw new Broken("resumed outside its window")
  checkUnbroken(absences, write, dwell, "resumed")
  if (!calm) return
  // The queue of a campaign that stands still anyway is not asked for, whether its count would fail or not.
  const wasFit = (now: number) => (ownAgentsAt(held, now) ?? 0) >= 2 && isOpen(held.zone, now)
  if (!everHeld(write.at - dwell - LOOK_MS, write.at - dwell, wasFit))
    throw new Broken("resumed before the dwell was over")
  if (!isOpen(held.zone, write.at + POLICY.closingMarginMs + dwell - SENDING_MS))
    throw new Broken("resumed although its window closes again too soon")
}
