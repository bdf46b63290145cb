import type { Selector } from "../domain/Selector.ts"

/** The parts of a selector that list what is wanted. */
const LISTS = ["ids", "divisionIds", "queueIds", "states"] as const
/** Those of them of which a campaign has one alone, as long as it lives. */
const FIXED_LISTS = ["ids", "divisionIds", "queueIds"] as const

/** Whether every campaign of `inner` is surely one of `outer`, by what the selectors say. */
export const covers = (outer: Selector, inner: Selector): boolean =>
  LISTS.every((part) => {
    const wanted = outer[part]
    if (wanted === undefined) return true
    const among: ReadonlySet<string> = new Set(wanted)
    return inner[part]?.every((one) => among.has(one)) ?? false
  }) &&
  (outer.namePattern === undefined ||
    outer.namePattern.toLowerCase() === inner.namePattern?.toLowerCase())

/** Whether no campaign can be selected by both, by what the selectors say. */
export const areApart = (a: Selector, b: Selector): boolean =>
  FIXED_LISTS.some((part) => {
    const [some, others] = [a[part], b[part]]
    if (some === undefined || others === undefined) return false
    const among: ReadonlySet<string> = new Set(some)
    return !others.some((one) => among.has(one))
  })
