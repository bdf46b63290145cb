import { Effect } from "effect"
import type { CarriedItem, Carrier, Overtaken } from "../engine/Carrier.ts"
import type { OperationEnd } from "../engine/OperationBody.ts"
import type { Stopped } from "./changeAll.ts"

const WHY: Readonly<Record<Stopped, string | null>> = {
  done: null,
  cancelled: "It was cancelled.",
  "too-many-failures": "More campaigns failed than it was allowed."
}

/** Ids that a sentence names; the items have all of them. */
const NAMED_IDS = 5

const missingText = (missing: ReadonlyArray<CarriedItem>): string => {
  const named = missing.slice(0, NAMED_IDS).map(({ campaignId }) => campaignId)
  const more = missing.length > NAMED_IDS ? ` and ${missing.length - NAMED_IDS} more` : ""
  return `No campaign has the ${missing.length === 1 ? "id" : "ids"} ${named.join(", ")}${more}.`
}

const SUCCESS = ["applied", "already-there", "draining"] as const

/** Ends an operation on campaigns: what was not begun is skipped, and the rest is counted. */
export const endOf = Effect.fnUntraced(function* (
  carrier: Carrier,
  stopped: Stopped
): Effect.fn.Return<OperationEnd, Overtaken> {
  if (stopped !== "done") yield* carrier.skipPending
  const good = (yield* carrier.items(SUCCESS)).length
  const badOnes = yield* carrier.items(["rejected", "failed", "unknown", "skipped"])
  const bad = badOnes.length
  const missing = badOnes.filter(({ stateBefore }) => stateBefore === null)
  const detail =
    [
      WHY[stopped] ?? (good + bad === 0 ? "No campaign was selected." : []),
      missing.length === 0 ? [] : missingText(missing)
    ]
      .flat()
      .join(" ") || null
  if (stopped === "cancelled") return { status: "cancelled", detail, report: null }
  if (bad === 0) return { status: "succeeded", detail, report: null }
  return { status: good === 0 ? "failed" : "partial", detail, report: null }
})
