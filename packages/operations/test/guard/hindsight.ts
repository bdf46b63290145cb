import { HOURS } from "./process.ts"
import type { Held, World } from "./world.ts"

const formats = new Map<string, Intl.DateTimeFormat>()
const judged = new Map<string, boolean>()

/** Whether hours are open, by the platform's own calendar: the product's is not asked. */
export const isOpen = (hours: string, at: number): boolean => {
  const key = `${hours} ${Math.floor(at / 60_000)}`
  const known = judged.get(key)
  if (known !== undefined) return known
  const [slots = "", timeZone = "UTC"] = (HOURS[hours] ?? "").split(" ")
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" })
  formats.set(timeZone, format)
  const local = format.format(at)
  const open = slots.split(",").some((slot) => {
    const [from = "", to = ""] = slot.split("-")
    return from <= local && local < to
  })
  judged.set(key, open)
  return open
}

export const at = <A extends { readonly at: number }>(
  past: ReadonlyArray<A>,
  now: number
): A | undefined => past.findLast((moment) => moment.at <= now)

/** The agents on a campaign's own queue, where its count does not fail. */
export const ownAgentsAt = (held: Held, now: number): number | undefined => {
  const count = at(held.agentsPast, now)?.count
  return typeof count === "number" ? count : undefined
}

/**
 * Undefined where they may not be known: one query asks for all queues that matter just then, and fails
 * for all of them.
 */
export const agentsAt = (world: World, held: Held, now: number): number | undefined =>
  world.campaigns.some((one) => at(one.agentsPast, now)?.count === "failing")
    ? undefined
    : ownAgentsAt(held, now)
