import { type AuditEntry, FLAP_WINDOW_MS, supervisionLagMs, tellsState } from "@campaignctl/core"
import { type Absences, type History, INTERVAL_MS, POLICY } from "./history.ts"
import { checkActs, checkHalts, SENDING_MS } from "./actRules.ts"
import { agentsAt, at, isOpen } from "./hindsight.ts"
import { Broken, type Held, type World } from "./world.ts"

/** Between two looks at a history, milliseconds. */
const SAMPLE_MS = 5_000
const LAG_MS = supervisionLagMs(POLICY)

const within = (spans: ReadonlyArray<[number, number]>, at: number): boolean =>
  spans.some(([from, to]) => from <= at && at <= to)

/** The longest stretch of time in which something held all along, and a campaign was not turned. */
const longest = (held: Held, from: number, to: number, holds: (now: number) => boolean): number => {
  let most = 0
  let since: number | undefined
  let turned: number | undefined
  for (let now = from; now <= to; now += SAMPLE_MS) {
    const moment = at(held.past, now)?.at
    if (!holds(now)) since = undefined
    else if (moment === turned && since !== undefined) most = Math.max(most, now - since)
    else since = now
    turned = moment
  }
  return most
}

/** Everything that must hold of a history after its end. */
export const check = (
  world: World,
  history: History,
  absences: Absences,
  entries: ReadonlyArray<AuditEntry>,
  from: number,
  to: number
): void => {
  const [breach] = world.breaches
  if (breach !== undefined) throw new Broken(breach)
  if (history.calm) checkHalts(world, entries)
  for (const held of world.campaigns) {
    checkWindow(held, absences, from, to)
    checkFlapping(world, held)
    checkNoFalseDrift(held, entries)
    checkActs(world, held, absences, history.calm)
    if (history.calm) {
      checkMargin(held, from, to)
      checkShortage(world, held, from, to)
      checkResumes(world, held, entries, from, to)
      checkDrift(held, entries, to)
    }
  }
}

/** Never an active campaign outside its window for longer than the stated lag. */
const checkWindow = (held: Held, { down, windowsUnknown }: Absences, from: number, to: number) => {
  const outside = (now: number) =>
    at(held.past, now)?.active === true && !isOpen(held.zone, now) && !within(down, now)
  const unexcused = longest(held, from, to, (now) => outside(now) && !within(windowsUnknown, now))
  if (unexcused > LAG_MS) throw new Broken(`active outside its window for ${unexcused} ms`)
  const blind = longest(held, from, to, outside)
  if (blind > LAG_MS + POLICY.pauseDwellMs + LAG_MS)
    throw new Broken(`active outside a window that nobody knew for ${blind} ms`)
}

/** Where nothing fails, a campaign has stopped when its window closes, unless somebody just started it. */
const checkMargin = (held: Held, from: number, to: number) => {
  for (let now = from + LAG_MS + SAMPLE_MS; now <= to; now += SAMPLE_MS) {
    if (isOpen(held.zone, now) || !isOpen(held.zone, now - SAMPLE_MS)) continue
    const then = at(held.past, now)
    if (then?.active === true && now - then.at > LAG_MS)
      throw new Broken("still active when its window closed")
  }
}

/**
 * The guard's own changes that the limit is about: a pause because of the window is never held back. They
 * count from their intents on, and reach Genesys some time later.
 */
const checkFlapping = (world: World, held: Held) => {
  const counted = world.writes.filter(({ id, reason }) => id === held.id && reason !== "COMPLIANCE")
  for (const { at: end } of counted) {
    const hour = counted.filter(
      (write) => write.at <= end && write.at > end - FLAP_WINDOW_MS + SENDING_MS
    )
    if (hour.length > POLICY.flapLimit)
      throw new Broken(`${hour.length} pauses and resumes within an hour`)
  }
}

const actsBefore = (world: World, { id }: Held, now: number): number =>
  world.writes.filter(
    (write) => write.id === id && write.at <= now && write.at > now - FLAP_WINDOW_MS
  ).length

const wellInside = (held: Held, now: number, ahead: number): boolean =>
  isOpen(held.zone, now) && isOpen(held.zone, now + ahead)

/** What is short of agents for longer than the dwell is paused, within the lag. */
const checkShortage = (world: World, held: Held, from: number, to: number) => {
  const short = longest(
    held,
    from,
    to,
    (now) =>
      at(held.past, now)?.active === true &&
      (agentsAt(world, held, now) ?? 2) < 2 &&
      wellInside(held, now, POLICY.closingMarginMs) &&
      // What the guard itself resumed it can pause again: what flaps ends paused.
      (actsBefore(world, held, now) < POLICY.flapLimit || at(held.past, now)?.by === "guard")
  )
  if (short > POLICY.pauseDwellMs + LAG_MS)
    throw new Broken(`short of agents for ${short} ms and not paused`)
}

/** What the guard paused, and nobody touched, is resumed when all is right for the dwell, within the lag. */
const checkResumes = (
  world: World,
  held: Held,
  entries: ReadonlyArray<AuditEntry>,
  from: number,
  to: number
) => {
  if (entries.some(({ errorDetails, kind }) => kind === "outcome" && errorDetails !== null)) return
  const last = entries.findLast(
    ({ campaignId, kind, success }) => campaignId === held.id && kind === "outcome" && success
  )
  const pausedAt = held.past.at(-1)
  if (held.touched || held.stoppedBy !== "guard" || pausedAt?.active !== false) return
  if (last?.source !== "guard" || last.pauseReason === "OTHER") return
  if (entries.some(({ currentState, kind }) => kind === "drift" && currentState === "active"))
    return
  const fit = longest(
    held,
    Math.max(from, pausedAt.at + CALLS_END_MS),
    to,
    (now) =>
      (agentsAt(world, held, now) ?? 0) >= 2 &&
      wellInside(held, now, POLICY.closingMarginMs + POLICY.resumeDwellMs + LAG_MS) &&
      at(world.halts, now)?.holds !== true &&
      actsBefore(world, held, now) + 2 <= POLICY.flapLimit
  )
  if (fit > POLICY.resumeDwellMs + LAG_MS + INTERVAL_MS)
    throw new Broken(`all was right for ${fit} ms and it was not resumed`)
}

/** Longer than calls go on. */
const CALLS_END_MS = 60_000
/** Looks after which a change made elsewhere is in the ledger. */
const LOOKS_UNTIL_DRIFT = 4

/** A change made elsewhere that stands for some looks is in the ledger. */
const checkDrift = (held: Held, entries: ReadonlyArray<AuditEntry>, to: number) => {
  const told = entries.filter(({ campaignId }) => campaignId === held.id)
  for (const [index, moment] of held.past.entries()) {
    const until = held.past[index + 1]?.at ?? to
    if (index === 0 || moment.by === "guard" || moment.viaCampaignctl) continue
    if (until - moment.at < LOOKS_UNTIL_DRIFT * INTERVAL_MS) continue
    // Another change in the audit, such as somebody's wish for what is so already, may explain it.
    const explained = told.some(
      ({ kind, timestamp }) =>
        (kind === "drift" || kind === "outcome") &&
        Date.parse(timestamp) >= moment.at &&
        Date.parse(timestamp) <= moment.at + LOOKS_UNTIL_DRIFT * INTERVAL_MS
    )
    // What brings it back to what the ledger knows is no contradiction.
    const before = told.findLast(
      (entry) => Date.parse(entry.timestamp) < moment.at && tellsState(entry)
    )
    const knownActive =
      before === undefined
        ? held.past[0]?.active
        : before.kind === "drift"
          ? before.currentState === "active"
          : before.targetState === "active"
    if (!explained && knownActive !== moment.active)
      throw new Broken("a change made elsewhere is not in the ledger")
  }
}

/** What was changed through campaignctl is never told as somebody else's change. */
const checkNoFalseDrift = (held: Held, entries: ReadonlyArray<AuditEntry>) => {
  for (const { campaignId, currentState, kind, source, timestamp } of entries) {
    if (kind !== "drift" || source !== "guard" || campaignId !== held.id) continue
    const then = Date.parse(timestamp)
    const changedElsewhere = held.past.some(
      (moment, index) =>
        index > 0 &&
        !moment.viaCampaignctl &&
        moment.active === (currentState === "active") &&
        moment.at <= then
    )
    if (!changedElsewhere) throw new Broken("a change of our own was recorded as drift")
  }
}
