import {
  type AuditLog,
  type AuditUnavailable,
  type CampaignGateway,
  settle,
  type Settled,
  type TargetState
} from "@campaignctl/core"
import { Effect } from "effect"
import { hint, warn } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/**
 * Gives what earlier runs left open its outcome, and says so. Genesys being out of reach holds nothing
 * up, and nothing holds up a pause: a ledger that cannot be read may still take its entries.
 */
export const settleFirst = (
  target: TargetState
): Effect.Effect<void, AuditUnavailable, AuditLog | CampaignGateway | Terminal> => {
  const settling = Effect.flatMap(settle, (settled) =>
    Effect.forEach(settled, say, { discard: true })
  )
  return target === "paused"
    ? Effect.catch(settling, ({ detail }) =>
        warn(`What earlier runs left open could not be settled: ${onOneLine(detail)}`)
      )
    : settling
}

const say = (settled: Settled): Effect.Effect<void, never, Terminal> =>
  settled.result === "recovered" ? hint(sentenceOf(settled)) : warn(sentenceOf(settled))

/** One sentence on what became of an intent without an outcome. */
const sentenceOf = ({ entry, intent, result }: Settled): string => {
  const what = `Audit entry ${intent.sequence}, a change of “${onOneLine(intent.campaignName)}” to ${intent.targetState ?? "nothing"} by ${onOneLine(intent.requestedBy)},`
  if (result === "postponed")
    return `${what} has no outcome yet, and Genesys could not be asked; the next change tries again.`
  if (result === "unknown")
    return `${what} ended without an outcome, and it cannot be told any more whether it was made: look at the campaign (entry ${entry?.sequence ?? "?"}).`
  const found = entry?.success === true ? "the change was made" : "the change was not made"
  return `${what} ended without an outcome. It was settled by reading the campaign back: ${found} (entry ${entry?.sequence ?? "?"}).`
}
