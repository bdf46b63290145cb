import { Redacted, Result } from "effect"
import { callbackAddress } from "./address.ts"
import type { WebhooksConfig } from "./Config.ts"
import { fault, type Fault, type Parser } from "./Parsed.ts"
import type { Reader } from "./Reader.ts"

/** How other systems are told. */
export const readWebhooks = (reader: Reader): WebhooksConfig => {
  const callbackUrl = reader.optional("WEBHOOK_CALLBACK_URL", callbackAddress)
  // Alone the name is likely another program's, of whose secrets nothing is to be said.
  const secret = reader.isSet("WEBHOOK_CALLBACK_URL")
    ? reader.optional("WEBHOOK_SECRET", webhookSecret)
    : undefined
  const allow = reader.optional("CAMPAIGNCTL_WEBHOOK_ALLOW", receivers)
  return {
    ...(callbackUrl === undefined ? {} : { webhookCallbackUrl: callbackUrl }),
    ...(secret === undefined ? {} : { webhookSecret: secret }),
    ...(allow === undefined ? {} : { webhookAllow: allow })
  }
}

/** Bytes of a secret. Source: Standard Webhooks, "Signature scheme". */
const LEAST_SECRET_BYTES = 24
const MOST_SECRET_BYTES = 64
/** Bits of one digit of base64, and of one byte. */
const DIGIT_BITS = 6
const BYTE_BITS = 8

/** A secret as receivers' libraries take it; never shown, not even when it is wrong. */
const webhookSecret: Parser<Redacted.Redacted> = (text) => {
  const [, digits = ""] =
    /^whsec_((?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?)$/.exec(text) ?? ["", ""]
  const bytes = Math.floor((digits.replace(/=+$/, "").length * DIGIT_BITS) / BYTE_BITS)
  return bytes >= LEAST_SECRET_BYTES && bytes <= MOST_SECRET_BYTES && isTight(digits)
    ? Result.succeed(Redacted.make(text))
    : fault(
        `whsec_ and base64 of ${LEAST_SECRET_BYTES} to ${MOST_SECRET_BYTES} bytes`,
        "something else"
      )
}

/** Whether the last digit has no bits beyond the last byte: readers of base64 disagree on what they mean. */
const isTight = (digits: string): boolean => /(?:[^=]|[AEIMQUYcgkosw048]=|[AQgw]==)$/.test(digits)

const RECEIVERS =
  "host names, *.domains, addresses and networks such as 10.1.0.0/16, with commas between them"

/** Who may be sent to although they are not public. Kept as text: what delivers reads it. */
const receivers: Parser<string> = (text) => {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
  const wrong = words
    .filter((word) => !isReceiver(word))
    .map((found): Fault => ({ expected: RECEIVERS, found }))
  return wrong.length > 0 ? Result.fail(wrong) : Result.succeed(words.join(","))
}

const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`)
const IPV6 = /^[\da-f:]*:[\da-f:.]*$/i
const IPV4_BITS = 32
const IPV6_BITS = 128

const isReceiver = (word: string): boolean => {
  const [address = "", bits, ...more] = word.split("/")
  const most = bitsOf(address)
  if (bits !== undefined)
    return most !== undefined && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
  return most !== undefined || isName(address.startsWith("*.") ? address.slice(2) : address)
}

/** The bits of an address in its usual form; undefined where it is none. */
const bitsOf = (text: string): number | undefined => {
  if (IPV4.test(text)) return IPV4_BITS
  return IPV6.test(text) && URL.canParse(`http://[${text}]/`) ? IPV6_BITS : undefined
}

/** A name, and no number that stands for an address. */
const isName = (text: string): boolean => {
  if (/[\s/:@?#\\*[\]]/.test(text)) return false
  const host = URL.parse(`https://${text}/`)?.hostname.replace(/\.+$/, "") ?? ""
  return host !== "" && !IPV4.test(host)
}
