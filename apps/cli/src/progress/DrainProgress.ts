import { durationText } from "../arguments/duration.ts"

/** What was last seen of one campaign that drains. */
export interface DrainSeen {
  readonly name: string
  /** Undefined where the contract cannot tell. */
  readonly calls: number | undefined
  readonly waitedMs: number
}

const callsText = (calls: number | undefined): string =>
  calls === undefined ? "" : `, ${calls} call${calls === 1 ? "" : "s"} left`

/** One line on every campaign that drains now; undefined where none does. */
export const drainText = (draining: ReadonlyArray<DrainSeen>): string | undefined => {
  const [first, ...others] = draining
  if (first === undefined) return undefined
  const waited = durationText(Math.max(...draining.map(({ waitedMs }) => waitedMs)))
  if (others.length === 0)
    return `“${first.name}” drains${callsText(first.calls)}, waited ${waited}`
  const known = draining.flatMap(({ calls }) => calls ?? [])
  const total = known.length === 0 ? undefined : known.reduce((sum, calls) => sum + calls, 0)
  return `${draining.length} campaigns drain${callsText(total)}, waited ${waited}`
}
