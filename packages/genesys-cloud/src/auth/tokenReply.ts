import {
  GenesysUnavailable,
  NotAuthenticated,
  RateLimited,
  type GatewayError
} from "@campaignctl/core"
import { Effect } from "effect"
import { fieldOf, numberOf, parseJson, textOf } from "../wire/json.ts"
import { retryAfterIn } from "../wire/retryAfterIn.ts"
import type { WireReply } from "../wire/Transport.ts"

/** The longest life of a Genesys client-credentials token, in milliseconds: two days. A longer claim is cut to it. */
const LONGEST_LIFE_MS = 172_800_000

/** A token and how long it lives from the moment of the reply. */
export interface Granted {
  readonly token: string
  readonly livesMs: number
}

/** Statuses with which a token endpoint refuses the credentials. Source: RFC 6749, section 5.2; 403 by some gateways. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403])

/** Reads the token endpoint's reply. */
export const readTokenReply = (
  reply: WireReply,
  nowMs: number,
  clean: (text: string) => string
): Effect.Effect<Granted, GatewayError> => {
  const parsed = parseJson(reply.text)
  const body = parsed.ok ? parsed.value : undefined
  const malformed = (detail: string) =>
    Effect.fail(new GenesysUnavailable({ reason: "malformed-reply", detail, status: reply.status }))
  if (reply.status === 200 || reply.status === 201) {
    const token = textOf(body, "access_token")
    if (token === undefined || !/^[\x21-\x7e]+$/.test(token))
      return malformed("the token endpoint's reply has no usable access_token.")
    const livesMs = lifeOf(fieldOf(body, "expires_in"))
    return livesMs === undefined
      ? malformed("the token endpoint's reply has an expires_in that is no number of seconds.")
      : Effect.succeed({ token, livesMs })
  }
  const retryAfterMs = retryAfterIn(reply.headers, nowMs)
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (reply.status === 429) return Effect.fail(new RateLimited(wait))
  if (REFUSED.has(reply.status) && (parsed.ok || reply.text.trim() === "")) {
    const said =
      textOf(body, "error_description") ??
      textOf(body, "description") ??
      textOf(body, "message") ??
      textOf(body, "error")
    return Effect.fail(
      new NotAuthenticated({
        detail: said === undefined ? `the token endpoint answered ${reply.status}.` : clean(said)
      })
    )
  }
  if (reply.status >= 500 || reply.status === 408)
    return Effect.fail(
      new GenesysUnavailable({
        reason: "server-error",
        detail: `the token endpoint answered ${reply.status}.`,
        status: reply.status,
        ...wait
      })
    )
  return malformed(
    `the token endpoint answered ${reply.status}; is the login address right, or is a proxy in between?`
  )
}

/** An absent `expires_in` means that only a 401 will tell; RFC 6749 recommends it and does not require it. */
const lifeOf = (expiresIn: unknown): number | undefined => {
  if (expiresIn === undefined || expiresIn === null) return LONGEST_LIFE_MS
  const seconds =
    typeof expiresIn === "string" && /^\d{1,12}$/.test(expiresIn)
      ? Number(expiresIn)
      : numberOf(expiresIn)
  return seconds !== undefined && seconds > 0
    ? Math.min(seconds * 1_000, LONGEST_LIFE_MS)
    : undefined
}
