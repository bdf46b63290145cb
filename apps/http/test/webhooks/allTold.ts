import { setTimeout as delay } from "node:timers/promises"
import { assert } from "vitest"
import type { Telling } from "../support/Telling.ts"
import { notUpToDate, toldOf } from "./accounts.ts"

/** Milliseconds between two looks. */
const LOOK_MS = 250
/**
 * Milliseconds for all to be told once no more is changed: several retries, the first of which comes
 * after five seconds, and a list of all campaigns, which comes after one minute at the latest.
 */
const PATIENCE_MS = 90_000

/** Waits until all is told and the ledger says so, and gives both; fails with what is missing. */
export const allTold = async (here: Telling) => {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const { campaigns } = await here.control.state()
    const messages = await here.receiver.messages()
    const entries = await here.entries()
    const delivered = new Set(
      entries.flatMap(({ delivery, kind, success }) =>
        kind === "delivery" && success ? [delivery?.eventId] : []
      )
    )
    const missing = [
      ...notUpToDate(messages, campaigns),
      ...[...toldOf(entries)].filter((id) => !delivered.has(id))
    ]
    if (missing.length === 0) return { entries, messages }
    if (Date.now() > end) assert.fail(`These were not told of: ${missing.join(", ")}`)
    await delay(LOOK_MS)
  }
}
