import {
  AuditLog,
  type AuditUnavailable,
  type Environment,
  type LedgerConfig
} from "@campaignctl/core"
import { Effect } from "effect"
import { ledgerLayer } from "../compose/layers.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import { failed, type Finding, ok, warning } from "./Finding.ts"

/** Looks at the ledger: can it be read and written, is it intact, has every intent its outcome. */
export const checkLedger = (config: LedgerConfig, env: Environment): Effect.Effect<Finding> =>
  Effect.gen(function* () {
    const ledger = yield* AuditLog
    yield* ledger.writable
    const found = yield* ledger.verify
    if (found._tag === "Broken")
      return failed(
        "ledger",
        `${config.place} is broken at entry ${found.firstBadSequence}: ${found.why}`,
        "Keep it as it is, compare it with a backup or an export, and find out who could write to it.",
        ExitCode.unavailable
      )
    const open = yield* ledger.unsettled
    const sound = `${config.place} can be written and is intact, ${found.entries} entr${found.entries === 1 ? "y" : "ies"}`
    return open.length === 0
      ? ok("ledger", `${sound}; every change has its outcome.`)
      : warning(
          "ledger",
          `${sound}; ${open.length} change${open.length === 1 ? " has" : "s have"} no outcome yet.`,
          "Nothing to do: the next command that changes a campaign settles them."
        )
  }).pipe(
    Effect.provide(ledgerLayer(config, env)),
    Effect.catch((error: AuditUnavailable) =>
      Effect.succeed(
        failed(
          "ledger",
          error.detail,
          `Put ${config.place} right, or name another with CAMPAIGNCTL_DATABASE_URL; without it no change is made.`,
          ExitCode.unavailable
        )
      )
    )
  )
