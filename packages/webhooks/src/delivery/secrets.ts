import { randomBytes } from "node:crypto"
import { Effect, Redacted } from "effect"
import { Webhook } from "standardwebhooks"

/** The mark of a secret, and the bytes that it may have. Source: Standard Webhooks, "Signature scheme". */
const PREFIX = "whsec_"
const LEAST_BYTES = 24
const MOST_BYTES = 64
/** Bytes of a secret that is made here: as many as the hash has. */
const BYTES = 32

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** A secret that nobody has seen yet. */
export const newSecret: Effect.Effect<Redacted.Redacted> = Effect.sync(() =>
  Redacted.make(`${PREFIX}${randomBytes(BYTES).toString("base64")}`)
)

/** Whether a text is a secret that receivers' libraries take. */
export const isSecret = (secret: Redacted.Redacted): boolean => {
  const text = Redacted.value(secret)
  const encoded = text.slice(PREFIX.length)
  if (!text.startsWith(PREFIX) || !BASE64.test(encoded)) return false
  const bytes = Buffer.from(encoded, "base64")
  return (
    bytes.byteLength >= LEAST_BYTES &&
    bytes.byteLength <= MOST_BYTES &&
    bytes.toString("base64") === encoded
  )
}

/** The headers by which a receiver knows who sent a message and that nobody changed it. */
export const signedHeaders = (
  eventId: string,
  body: string,
  secrets: ReadonlyArray<Redacted.Redacted>,
  now: number
): Readonly<Record<string, string>> => {
  const at = new Date(now)
  return {
    "content-type": "application/cloudevents+json",
    "user-agent": "campaignctl-webhooks",
    // Source: the described contract.
    "x-genesys-source": "campaign-state-manager",
    "webhook-id": eventId,
    "webhook-timestamp": String(Math.floor(now / 1_000)),
    "webhook-signature": secrets
      .map((secret) => new Webhook(Redacted.value(secret)).sign(eventId, at, body))
      .join(" ")
  }
}
