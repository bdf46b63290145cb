import { AuditLog } from "@campaignctl/core"
import { Effect, Stream } from "effect"
import { Problems } from "../arguments/Problems.ts"
import { auditQuery, type AuditQueryOptions } from "../audit/auditQuery.ts"
import { withLedger } from "../audit/withLedger.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { Terminal } from "../terminal/Terminal.ts"

export interface ExportOptions extends AuditQueryOptions {
  readonly format?: string
}

const FORMATS = ["ndjson", "csv"] as const

/** `audit export`: the entries as a stream, whatever their number. */
export const command = (input: CommandInput<ExportOptions>): CommandEffect =>
  Effect.gen(function* () {
    const problems = new Problems()
    const format = problems.choice("--format", FORMATS, input.options.format ?? "ndjson")
    yield* problems.check
    const query = yield* auditQuery(input.options)
    const { exportCsv, exportNdjson } = yield* Effect.promise(
      () => import("@campaignctl/ledger-sql")
    )
    return yield* withLedger(
      input,
      Effect.gen(function* () {
        const ledger = yield* AuditLog
        const terminal = yield* Terminal
        const lines = (format === "csv" ? exportCsv : exportNdjson)(ledger.query(query))
        yield* lines.pipe(
          // A reader that has seen enough, such as `head`, ends the export quietly.
          Stream.takeWhile(() => !terminal.isClosed()),
          Stream.runForEach((line) => Effect.sync(() => terminal.out.write(line)))
        )
        return ExitCode.done
      })
    )
  })
