import { AuditLog } from "@campaignctl/core"
import { Effect, Stream } from "effect"
import { auditQuery, type AuditQueryOptions } from "../audit/auditQuery.ts"
import { withLedger } from "../audit/withLedger.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { auditTable } from "../render/auditTable.ts"
import { emit, hint } from "../render/emit.ts"

/** Entries that are shown unless another number is asked for: a screen. */
const DEFAULT_LIMIT = 20

/** `audit list`: the newest entries that the options choose, the newest last. */
export const command = (input: CommandInput<AuditQueryOptions>): CommandEffect =>
  Effect.flatMap(auditQuery(input.options), (query) =>
    withLedger(
      input,
      Effect.gen(function* () {
        const ledger = yield* AuditLog
        const newest = yield* Stream.runCollect(
          ledger.query({ limit: DEFAULT_LIMIT, ...query, newestFirst: true })
        )
        const entries = newest.toReversed()
        yield* emit(entries, ({ out }) => auditTable(entries, out))
        if (entries.length === 0) yield* hint("No audit entry matches.")
        return ExitCode.done
      })
    )
  )
