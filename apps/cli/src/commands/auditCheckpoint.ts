import { AuditLog } from "@campaignctl/core"
import { Effect, Redacted } from "effect"
import { refuse } from "../arguments/Problems.ts"
import { requestedFile } from "../arguments/textFile.ts"
import { withLedger } from "../audit/withLedger.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit } from "../render/emit.ts"
import { Terminal } from "../terminal/Terminal.ts"

export interface CheckpointOptions {
  readonly key?: string
}

/** `audit checkpoint`: verifies the ledger and signs what it holds. */
export const command = (input: CommandInput<CheckpointOptions>): CommandEffect => {
  const { key } = input.options
  if (key === undefined)
    return refuse(
      "--key",
      "the file of an Ed25519 private key in PEM (openssl genpkey -algorithm ed25519 -out key.pem)",
      "nothing"
    )
  return withLedger(
    input,
    Effect.gen(function* () {
      const privateKey = Redacted.make(yield* requestedFile("--key", key))
      const { headOf, signCheckpoint } = yield* Effect.promise(
        () => import("@campaignctl/ledger-sql")
      )
      const found = yield* (yield* AuditLog).verify
      if (found._tag === "Broken") {
        const { err } = yield* Terminal
        err.write(
          `${err.paint(["bold", "red"], "error:")} The ledger is broken at entry ${found.firstBadSequence}, so nothing was signed: ${found.why}\n`
        )
        return ExitCode.unavailable
      }
      const checkpoint = yield* signCheckpoint(headOf(found), privateKey)
      // A checkpoint is a file to keep: JSON unless YAML is asked for.
      yield* emit(checkpoint, () => [JSON.stringify(checkpoint, undefined, 2)])
      return ExitCode.done
    })
  )
}
