import { Effect } from "effect"
import type { Carrier, Overtaken } from "../engine/Carrier.ts"
import type { OperationEnd } from "../engine/OperationBody.ts"
import type { Stopped } from "./changeAll.ts"

const WHY: Readonly<Record<Stopped, string | null>> = {
  done: null,
  cancelled: "It was cancelled.",
  "too-many-failures": "More campaigns failed than it was allowed."
}

const SUCCESS = ["applied", "already-there", "draining"] as const

/** Ends an operation on campaigns: what was not begun is skipped, and the rest is counted. */
export const endOf = Effect.fnUntraced(function* (
  carrier: Carrier,
  stopped: Stopped
): Effect.fn.Return<OperationEnd, Overtaken> {
  if (stopped !== "done") yield* carrier.skipPending
  const good = (yield* carrier.items(SUCCESS)).length
  const bad = (yield* carrier.items(["rejected", "failed", "unknown", "skipped"])).length
  const detail = WHY[stopped] ?? (good + bad === 0 ? "No campaign was selected." : null)
  if (stopped === "cancelled") return { status: "cancelled", detail, report: null }
  if (bad === 0) return { status: "succeeded", detail, report: null }
  return { status: good === 0 ? "failed" : "partial", detail, report: null }
})
