import {
  CampaignNotFound,
  GenesysRefused,
  GenesysUnavailable,
  LockConflict,
  NotAuthenticated,
  PermissionMissing,
  RateLimited,
  type CampaignId
} from "@campaignctl/core"
import type { ErrorRule, ReplyError } from "./errorCodes.ts"
import { parseJson, textOf } from "./json.ts"
import { retryAfterIn } from "./retryAfterIn.ts"
import type { WireReply } from "./Transport.ts"

/** What the request was, as far as its errors need to say. */
export interface ErrorContext {
  readonly rules: ReadonlyArray<ErrorRule>
  /** The request in words, such as "reading the campaign". */
  readonly what: string
  /** The permission that it needs. */
  readonly permission: string
  readonly campaignId?: CampaignId
  readonly nowMs: number
  readonly clean: (text: string) => string
}

/** What an error reply said, cleaned of secrets. */
interface Said {
  readonly status: number
  readonly code: string | undefined
  readonly detail: string
  readonly contextId: { readonly contextId?: string }
  readonly retryAfterMs: { readonly retryAfterMs?: number }
}

/**
 * The typed error of any reply that is not a success. Total: every status, body and set of headers
 * has one, and none of them quotes a secret.
 */
export const replyError = (reply: WireReply, context: ErrorContext): ReplyError => {
  const parsed = parseJson(reply.text)
  const body = parsed.ok ? parsed.value : undefined
  const foreign = !parsed.ok && reply.text.trim() !== ""
  const said = readError(reply, body, context)
  if (reply.status < 400) return unexpected(said, context)
  if (reply.status >= 500) return unavailable(said)
  const rule = context.rules.find(
    ({ codes, ofCampaign, status }) =>
      status === reply.status &&
      (codes === undefined || (said.code !== undefined && codes.has(said.code))) &&
      (ofCampaign === undefined || context.campaignId !== undefined)
  )
  // A page instead of an error body was written by something between us and Genesys, which knows of no campaign.
  if (foreign && rule?.means !== "RateLimited") return unexpected(said, context)
  // Genesys gives every error a code; without one, a path that is not found is an address that is wrong.
  if (rule === undefined && reply.status === NOT_FOUND && said.code === undefined)
    return unexpected(said, context)
  return build[rule?.means ?? "GenesysRefused"](said, context)
}

const build: Readonly<
  Record<ReplyError["_tag"], (said: Said, context: ErrorContext) => ReplyError>
> = {
  CampaignNotFound: ({ contextId }, context) =>
    new CampaignNotFound({ campaignId: context.campaignId ?? "", ...contextId }),
  LockConflict: ({ code, contextId }, context) =>
    new LockConflict({
      campaignId: context.campaignId ?? "",
      ...(code === undefined ? {} : { genesysCode: code }),
      ...contextId
    }),
  RateLimited: ({ contextId, retryAfterMs }) => new RateLimited({ ...retryAfterMs, ...contextId }),
  NotAuthenticated: ({ contextId, detail }) => new NotAuthenticated({ detail, ...contextId }),
  PermissionMissing: ({ code, contextId, detail }, context) =>
    new PermissionMissing({
      permission: permissionIn(detail) ?? context.permission,
      detail,
      ...(code === undefined ? {} : { genesysCode: code }),
      ...contextId
    }),
  GenesysRefused: ({ code, contextId, detail, status }) =>
    new GenesysRefused({ status, genesysCode: code ?? "no.code", detail, ...contextId }),
  GenesysUnavailable: (said) => unavailable(said)
}

const NOT_FOUND = 404
const TIMEOUTS: ReadonlySet<number> = new Set([408, 504])

const unavailable = ({ contextId, detail, retryAfterMs, status }: Said): GenesysUnavailable =>
  new GenesysUnavailable({
    reason: TIMEOUTS.has(status) ? "timeout" : "server-error",
    detail: `${status}: ${detail}`,
    status,
    ...contextId,
    ...retryAfterMs
  })

const unexpected = ({ contextId, status }: Said, { what }: ErrorContext): GenesysUnavailable =>
  new GenesysUnavailable({
    reason: "malformed-reply",
    detail: `${what} was answered with ${status} and no error that Genesys would write; is the address right, or is a proxy in between?`,
    status,
    ...contextId
  })

const readError = (reply: WireReply, body: unknown, context: ErrorContext): Said => {
  const quote = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : context.clean(text)
  const message =
    textOf(body, "message") ?? textOf(body, "error_description") ?? textOf(body, "description")
  const contextId = quote(textOf(body, "contextId") ?? reply.headers["inin-correlation-id"])
  const retryAfterMs = retryAfterOf(reply, message, context.nowMs)
  return {
    status: reply.status,
    code: quote(textOf(body, "code") ?? textOf(body, "error")),
    detail: quote(message) ?? `${context.what} was refused without a reason.`,
    contextId: contextId === undefined ? {} : { contextId },
    retryAfterMs: retryAfterMs === undefined ? {} : { retryAfterMs }
  }
}

/** Genesys writes the wait into the sentence too: "Retry the request in [42] seconds". */
const SECONDS_IN_SENTENCE = /\[(\d{1,9})\] seconds/
const WHOLE_SECONDS = /^\d{1,9}$/

const retryAfterOf = (
  reply: WireReply,
  message: string | undefined,
  nowMs: number
): number | undefined => {
  const asked = retryAfterIn(reply.headers, nowMs)
  if (asked !== undefined || reply.status !== 429) return asked
  const reset = reply.headers["inin-ratelimit-reset"]?.trim()
  const seconds =
    reset !== undefined && WHOLE_SECONDS.test(reset)
      ? reset
      : message?.match(SECONDS_IN_SENTENCE)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}

/** A permission as Genesys writes one, `domain:entity:action`; the last two of its three parts may be `*`. */
const PERMISSION = /\b[a-z][a-zA-Z]*:[a-zA-Z*]+:[a-zA-Z*]+(?![\w:])/

const permissionIn = (sentence: string): string | undefined => sentence.match(PERMISSION)?.[0]
