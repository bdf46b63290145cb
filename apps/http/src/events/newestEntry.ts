import { AuditLog, type AuditUnavailable } from "@campaignctl/core"
import { Effect, Stream } from "effect"
import { elapsedMs } from "../routes/elapsedMs.ts"

/** Milliseconds for which one look at the ledger serves every stream. */
const LOOK_MS = 250

const looks = new WeakMap<object, { readonly at: number; readonly sequence: number }>()

/** The newest sequence of the whole ledger, 0 where it is empty. However many streams ask, few looks are made. */
export const newestEntry: Effect.Effect<number, AuditUnavailable, AuditLog> = Effect.gen(
  function* () {
    const ledger = yield* AuditLog
    const now = yield* elapsedMs
    const last = looks.get(ledger)
    if (last !== undefined && now - last.at < LOOK_MS) return last.sequence
    const [entry] = yield* Stream.runCollect(ledger.query({ newestFirst: true, limit: 1 }))
    const sequence = entry?.sequence ?? 0
    looks.set(ledger, { at: now, sequence })
    return sequence
  }
)
