import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"
import { RequestInvalid } from "@campaignctl/core"
import { Effect, Redacted } from "effect"

const KEY_TYPE = "ed25519"

const invalid = (key: string, expected: string) =>
  new RequestInvalid({ problems: [{ key, expected, found: "something else" }] })

/** The error says nothing of what was found: it may be a secret. */
const parsed = (key: string, expected: string, parse: () => KeyObject) =>
  Effect.try({ try: parse, catch: () => invalid(key, expected) }).pipe(
    Effect.filterOrFail(
      (found) => found.asymmetricKeyType === KEY_TYPE,
      () => invalid(key, expected)
    )
  )

/** Reads a PKCS#8 private key. */
export const privateKeyOf = (pem: Redacted.Redacted): Effect.Effect<KeyObject, RequestInvalid> =>
  parsed("privateKey", "an Ed25519 private key in PEM", () => createPrivateKey(Redacted.value(pem)))

/** Reads an SPKI public key. */
export const publicKeyOf = (pem: string): Effect.Effect<KeyObject, RequestInvalid> =>
  parsed("publicKey", "an Ed25519 public key in PEM", () => createPublicKey(pem))

/** Names a key without showing it: SHA-256 of its public SPKI form in DER, in hexadecimal. */
export const keyIdOf = (key: KeyObject): string => {
  const publicKey = key.type === "private" ? createPublicKey(key) : key
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex")
}
