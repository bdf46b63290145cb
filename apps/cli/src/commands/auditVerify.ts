import { AuditLog, RequestInvalid, type Verification } from "@campaignctl/core"
import type { CheckpointVerification } from "@campaignctl/ledger-sql"
import { Effect } from "effect"
import { refuse } from "../arguments/Problems.ts"
import { requestedFile } from "../arguments/textFile.ts"
import { withLedger } from "../audit/withLedger.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit } from "../render/emit.ts"
import { Terminal } from "../terminal/Terminal.ts"

export interface VerifyOptions {
  readonly checkpoint?: string
  readonly publicKey?: string
}

/** `audit verify`: the whole chain, and with a checkpoint that the ledger still holds what was signed. */
export const command = (input: CommandInput<VerifyOptions>): CommandEffect => {
  const { checkpoint, publicKey } = input.options
  if ((checkpoint === undefined) !== (publicKey === undefined))
    return refuse("--checkpoint", "--checkpoint and --public-key together", "one of them")
  return withLedger(
    input,
    Effect.gen(function* () {
      const verification =
        checkpoint === undefined || publicKey === undefined
          ? yield* (yield* AuditLog).verify
          : yield* againstCheckpoint(checkpoint, publicKey)
      const sound = verification._tag === "Intact" || verification._tag === "Holds"
      const sentence = sentenceOf(verification)
      yield* emit({ ...documentOf(verification), sound }, ({ out }) =>
        sound ? [`${out.paint("green", "✓")} ${sentence}`] : []
      )
      if (sound) return ExitCode.done
      const { err } = yield* Terminal
      err.write(`${err.paint(["bold", "red"], "error:")} ${sentence}\n`)
      err.write(
        `  ${err.paint("bold", "next:")} Keep the file as it is, compare it with a backup or an export, and find out who could write to it.\n`
      )
      return ExitCode.unavailable
    })
  )
}

const againstCheckpoint = Effect.fnUntraced(function* (file: string, keyFile: string) {
  const text = yield* requestedFile("--checkpoint", file)
  const publicKey = yield* requestedFile("--public-key", keyFile)
  const checkpoint: unknown = yield* Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: () =>
      new RequestInvalid({
        problems: [{ key: "--checkpoint", expected: "a file of JSON", found: "something else" }]
      })
  })
  const { verifyCheckpoint } = yield* Effect.promise(() => import("@campaignctl/ledger-sql"))
  return yield* verifyCheckpoint(checkpoint, publicKey)
})

type Found = Verification | CheckpointVerification

const documentOf = ({ _tag, ...facts }: Found): object => ({ result: RESULTS[_tag], ...facts })

const RESULTS: Readonly<Record<Found["_tag"], string>> = {
  Intact: "intact",
  Broken: "broken",
  Holds: "holds",
  BadSignature: "bad-signature",
  Truncated: "truncated",
  Rewritten: "rewritten"
}

const sentenceOf = (found: Found): string => {
  if (found._tag === "Intact")
    return `The ledger is intact: ${entriesText(found.entries)}, head ${found.headHash.slice(0, SHOWN_HASH)}…`
  if (found._tag === "Holds")
    return `The ledger is intact and holds what was signed: ${entriesText(found.entries)}, ${found.entriesSince} since the checkpoint.`
  if (found._tag === "Broken")
    return `The ledger is broken at entry ${found.firstBadSequence}: ${found.why}`
  return found.why
}

/** Digits of a hash that a person compares at a glance. */
const SHOWN_HASH = 12

const entriesText = (entries: number): string => `${entries} entr${entries === 1 ? "y" : "ies"}`
