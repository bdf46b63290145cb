import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"

/** Bytes of a key's public part: enough that two never meet. */
const ID_BYTES = 8
/** Bytes of a key's secret: 256 bits cannot be guessed, so that a fast hash is as good as a slow one. */
const SECRET_BYTES = 32
/** Bytes of the salt: as long as the hash's own state needs to differ for every key. */
const SALT_BYTES = 16

/** `cck_`, the id in hexadecimal, the secret in base64url. The prefix lets scanners of leaked secrets know it. */
const FORM = /^cck_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

/** How a key is kept: nothing of it can be computed back. */
export interface KeyHash {
  /** Base64url. */
  readonly salt: string
  /** HMAC-SHA-256 of the secret under the salt, in base64url. */
  readonly hash: string
}

const hashOf = (secret: string, salt: string): Buffer =>
  createHmac("sha256", Buffer.from(salt, "base64url")).update(secret).digest()

/** A new key: its text is shown once, its hash is kept. */
export const makeApiKey = (): KeyHash & { readonly id: string; readonly text: string } => {
  const id = randomBytes(ID_BYTES).toString("hex")
  const secret = randomBytes(SECRET_BYTES).toString("base64url")
  const salt = randomBytes(SALT_BYTES).toString("base64url")
  return {
    id,
    text: `cck_${id}_${secret}`,
    salt,
    hash: hashOf(secret, salt).toString("base64url")
  }
}

/** The parts of a key's text; undefined where it has not the form of one. */
export const partsOfKey = (
  text: string
): { readonly id: string; readonly secret: string } | undefined => {
  const [, id, secret] = FORM.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/** Compared where no key has the id, so that an unknown id takes as long as a wrong secret. */
const NOBODY: KeyHash = {
  salt: randomBytes(SALT_BYTES).toString("base64url"),
  hash: randomBytes(SECRET_BYTES).toString("base64url")
}

/** Whether the secret is the one that was hashed, in a time that does not depend on where they differ. */
export const secretMatches = (secret: string, kept: KeyHash | undefined): boolean => {
  const { hash, salt } = kept ?? NOBODY
  const expected = Buffer.from(hash, "base64url")
  const found = hashOf(secret, salt)
  return expected.length === found.length && timingSafeEqual(expected, found) && kept !== undefined
}
