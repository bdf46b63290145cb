import { sign, verify } from "node:crypto"
import {
  AuditLog,
  type AuditUnavailable,
  canonicalJson,
  GENESIS_HASH,
  RequestInvalid,
  type Verification
} from "@campaignctl/core"
import { Clock, Effect, type Redacted, Schema, Stream } from "effect"
import { keyIdOf, privateKeyOf, publicKeyOf } from "./keys.ts"

const Sha256Hex = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/))

/** Names the form, and keeps a signature of ours from passing for one of anything else. */
export const CHECKPOINT_FORMAT = "campaignctl-ledger-checkpoint-v1"

/** What is signed: the canonical JSON (RFC 8785) of exactly these fields. */
const Statement = Schema.Struct({
  format: Schema.Literal(CHECKPOINT_FORMAT),
  /** The last entry that the checkpoint covers; 0 for an empty ledger. */
  sequence: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  /** That entry's hash. */
  hash: Sha256Hex,
  /** ISO 8601 in UTC, by the clock of whoever signed. */
  signedAt: Schema.String,
  /** SHA-256 of the public key in SPKI DER, in hexadecimal. */
  keyId: Sha256Hex
})

/** What a ledger held at one time, signed: kept elsewhere, it proves that the ledger was cut or rewritten since. */
export const Checkpoint = Schema.Struct({
  ...Statement.fields,
  /** Ed25519, in base64. */
  signature: Schema.String
})
export type Checkpoint = typeof Checkpoint.Type

/** The end of a chain. */
export interface LedgerHead {
  readonly sequence: number
  readonly hash: string
}

/** What a ledger is, measured against a checkpoint. */
export type CheckpointVerification =
  | { readonly _tag: "Holds"; readonly entries: number; readonly entriesSince: number }
  /** Not signed by this key, or changed after it was signed. It says nothing of the ledger. */
  | { readonly _tag: "BadSignature"; readonly why: string }
  /** The ledger ends before the checkpoint. */
  | { readonly _tag: "Truncated"; readonly entries: number; readonly why: string }
  /** The ledger has another entry where the checkpoint was made: it was rewritten at or before it. */
  | { readonly _tag: "Rewritten"; readonly atOrBefore: number; readonly why: string }
  | Extract<Verification, { _tag: "Broken" }>

/** The head of a ledger that was just found intact. */
export const headOf = ({
  entries,
  headHash
}: Extract<Verification, { _tag: "Intact" }>): LedgerHead => ({
  sequence: entries,
  hash: headHash
})

const signedText = ({ format, hash, keyId, sequence, signedAt }: typeof Statement.Type): Buffer =>
  Buffer.from(canonicalJson({ format, hash, keyId, sequence, signedAt }), "utf8")

/** Signs what the ledger holds now. Take the head from `verify`, so that only a sound ledger is signed. */
export const signCheckpoint = Effect.fnUntraced(function* (
  head: LedgerHead,
  privateKeyPem: Redacted.Redacted
): Effect.fn.Return<Checkpoint, RequestInvalid> {
  const key = yield* privateKeyOf(privateKeyPem)
  const signedAt = new Date(yield* Clock.currentTimeMillis).toISOString()
  const statement = { format: CHECKPOINT_FORMAT, ...head, signedAt, keyId: keyIdOf(key) } as const
  // Ed25519 has its hash built in, so none is named.
  const signature = sign(null, signedText(statement), key).toString("base64")
  return { ...statement, signature }
})

const decode = Schema.decodeUnknownEffect(Checkpoint)

const hashAt = Effect.fnUntraced(function* (sequence: number) {
  if (sequence === 0) return GENESIS_HASH
  const log = yield* AuditLog
  const found = yield* Stream.runCollect(log.query({ afterSequence: sequence - 1, limit: 1 }))
  return found[0]?.hash
})

/**
 * Verifies the checkpoint's signature, then the whole ledger, then that the ledger still holds what was
 * signed. Only with the public key from a place of its own does it prove anything.
 *
 * Fails with `RequestInvalid` where the checkpoint or the key is malformed.
 */
export const verifyCheckpoint = Effect.fnUntraced(function* (
  checkpoint: unknown,
  publicKeyPem: string
): Effect.fn.Return<CheckpointVerification, AuditUnavailable | RequestInvalid, AuditLog> {
  const signed = yield* Effect.mapError(
    decode(checkpoint),
    (error) =>
      new RequestInvalid({
        problems: [{ key: "checkpoint", expected: CHECKPOINT_FORMAT, found: error.message }]
      })
  )
  const key = yield* publicKeyOf(publicKeyPem)
  if (signed.keyId !== keyIdOf(key))
    return { _tag: "BadSignature", why: "It was signed with another key." }
  if (!verify(null, signedText(signed), key, Buffer.from(signed.signature, "base64")))
    return { _tag: "BadSignature", why: "The signature does not fit what the checkpoint says." }

  const log = yield* AuditLog
  const ledger = yield* log.verify
  if (ledger._tag === "Broken") return ledger
  const { sequence } = signed
  if (ledger.entries < sequence)
    return {
      _tag: "Truncated",
      entries: ledger.entries,
      why: `The ledger had ${sequence} entries at ${signed.signedAt} and has ${ledger.entries} now.`
    }
  if ((yield* hashAt(sequence)) !== signed.hash)
    return {
      _tag: "Rewritten",
      atOrBefore: sequence,
      why: `Entry ${sequence} is not the one that was there at ${signed.signedAt}.`
    }
  return { _tag: "Holds", entries: ledger.entries, entriesSince: ledger.entries - sequence }
})
