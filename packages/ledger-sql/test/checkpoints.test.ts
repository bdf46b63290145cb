import { generateKeyPairSync } from "node:crypto"
import { AuditLog, GENESIS_HASH, sealEntry, type Verification } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { describe, expect, it } from "vitest"
import { rowOf, sha256 } from "../src/chain/LedgerRow.ts"
import { headOf, signCheckpoint, verifyCheckpoint } from "../src/index.ts"
import { databases, unguarded } from "./support/tampering.ts"

const keyPair = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  return {
    privateKey: Redacted.make(privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString()
  }
}
const { privateKey, publicKey } = keyPair()

const intact = (found: Verification) =>
  found._tag === "Intact" ? Effect.succeed(headOf(found)) : Effect.die(new Error(found.why))

const append = (notes: ReadonlyArray<string>) =>
  AuditLog.use((log) =>
    Effect.forEach(notes, (note) =>
      log.append(auditDraft({ kind: "rejection", outcome: "rejected", note }))
    )
  )
const sign = AuditLog.use((log) =>
  Effect.flatMap(Effect.flatMap(log.verify, intact), (head) => signCheckpoint(head, privateKey))
)

/** The whole ledger anew, each entry sealed as it should be: what no chain alone can show. */
const rewrite = Effect.fnUntraced(function* (notes: ReadonlyArray<string>) {
  const sql = yield* SqlClient.SqlClient
  yield* unguarded
  yield* sql`DELETE FROM ledger_entries`
  let [hash, sequence] = [GENESIS_HASH, 0]
  for (const note of notes) {
    sequence += 1
    const placement = { id: `id ${sequence}`, now: 0, previousHash: hash, sequence }
    const entry = sealEntry(
      sha256,
      auditDraft({ kind: "rejection", outcome: "rejected", note }),
      placement
    )
    yield* sql`INSERT INTO ledger_entries ${sql.insert({ ...rowOf(entry) })}`
    hash = entry.hash
  }
  yield* sql`UPDATE ledger_head SET sequence = ${sequence}, hash = ${hash}`
  const log = yield* AuditLog
  expect((yield* log.verify)._tag).toBe("Intact")
})

describe.each(databases)("a signed checkpoint, on %s", (_, onLedger) => {
  it("holds on the ledger that was signed, and goes on holding while it grows", () =>
    onLedger(
      Effect.gen(function* () {
        const empty = yield* sign
        yield* append(["a", "b"])
        const checkpoint = yield* sign
        yield* append(["c"])
        expect(yield* verifyCheckpoint(empty, publicKey)).toEqual({
          _tag: "Holds",
          entries: 3,
          entriesSince: 3
        })
        // As it comes back from a file.
        const copy: unknown = JSON.parse(JSON.stringify(checkpoint))
        expect(yield* verifyCheckpoint(copy, publicKey)).toEqual({
          _tag: "Holds",
          entries: 3,
          entriesSince: 1
        })
      })
    ))

  it("shows that entries were cut off, where the ledger itself looks whole", () =>
    onLedger(
      Effect.gen(function* () {
        yield* append(["a", "b"])
        const checkpoint = yield* sign
        yield* rewrite(["a"])
        expect(yield* verifyCheckpoint(checkpoint, publicKey)).toMatchObject({
          _tag: "Truncated",
          entries: 1
        })
      })
    ))

  it("shows that entries were rewritten, where the ledger itself looks whole", () =>
    onLedger(
      Effect.gen(function* () {
        yield* append(["a", "b"])
        const checkpoint = yield* sign
        yield* rewrite(["a", "forged", "c"])
        expect(yield* verifyCheckpoint(checkpoint, publicKey)).toMatchObject({
          _tag: "Rewritten",
          atOrBefore: 2
        })
      })
    ))

  it("passes on what is wrong with a ledger that does not even verify", () =>
    onLedger(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* append(["a", "b"])
        const checkpoint = yield* sign
        yield* unguarded
        yield* sql`DELETE FROM ledger_entries WHERE sequence = 1`
        expect(yield* verifyCheckpoint(checkpoint, publicKey)).toMatchObject({
          _tag: "Broken",
          firstBadSequence: 1
        })
      })
    ))

  it("is worth nothing once changed, field by field, or under another key", () =>
    onLedger(
      Effect.gen(function* () {
        yield* append(["a"])
        const checkpoint = yield* sign
        const changes = [
          { sequence: 0 },
          { hash: GENESIS_HASH },
          { signedAt: "2020-01-01T00:00:00.000Z" },
          { keyId: GENESIS_HASH },
          { signature: "" }
        ]
        for (const change of changes)
          expect(yield* verifyCheckpoint({ ...checkpoint, ...change }, publicKey)).toMatchObject({
            _tag: "BadSignature"
          })
        expect(yield* verifyCheckpoint(checkpoint, keyPair().publicKey)).toMatchObject({
          _tag: "BadSignature"
        })
      })
    ))

  it("refuses keys and checkpoints that are none, without showing a secret", () =>
    onLedger(
      Effect.gen(function* () {
        const checkpoint = yield* sign
        const secret = "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----"
        const noKey = yield* Effect.flip(
          signCheckpoint({ sequence: 0, hash: GENESIS_HASH }, Redacted.make(secret))
        )
        expect(noKey._tag).toBe("RequestInvalid")
        expect(`${noKey.message} ${JSON.stringify(noKey)}`).not.toContain("canary")
        const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey
        const wrongKind = rsa.export({ type: "spki", format: "pem" }).toString()
        expect((yield* Effect.flip(verifyCheckpoint(checkpoint, wrongKind))).message).toMatch(
          /Ed25519 public key/
        )
        expect((yield* Effect.flip(verifyCheckpoint({ format: "other" }, publicKey)))._tag).toBe(
          "RequestInvalid"
        )
      })
    ))
})
