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

/** Undefined where they cannot be known: one query asks for all queues, and fails for all. */
export const agentsAt = (world: World, held: Held, now: number): number | undefined => {
  const fails = world.campaigns.some((one) => at(one.agentsPast, now)?.count === "failing")
  const count = at(held.agentsPast, now)?.count
  return typeof count === "number" && !fails ? count : undefined
}
