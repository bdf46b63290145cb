import { CampaignId, type GatewayError } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { errorRules, etagErrorRules } from "../../src/wire/errorCodes.ts"
import { type ErrorContext, replyError } from "../../src/wire/replyError.ts"
import { makeScrubber } from "../../src/wire/scrub.ts"
import type { WireReply } from "../../src/wire/Transport.ts"

const SECRET = "canary+secret/with=marks&more"
const TOKEN = "canary.token-of_the~client"
const scrubber = makeScrubber("client-id", SECRET)
scrubber.remember(TOKEN)
const CAMPAIGN = CampaignId.make("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")

const context: ErrorContext = {
  rules: errorRules,
  what: "changing the campaign's status",
  permission: "outbound:campaign:edit",
  campaignId: CAMPAIGN,
  nowMs: 0,
  clean: scrubber.clean
}
const { campaignId: _campaign, ...noCampaign } = context
const etag: ErrorContext = { ...context, rules: etagErrorRules }

const reply = (
  status: number,
  code?: string,
  message = "as Genesys says",
  headers = {}
): WireReply => ({
  status,
  headers,
  text: JSON.stringify({
    status,
    message,
    ...(code === undefined ? {} : { code }),
    contextId: "ctx-1"
  })
})

/** Status, code, and the error that it must be. Source: the codes of Genesys' API description. */
const TABLE: ReadonlyArray<
  readonly [number, string | undefined, GatewayError["_tag"], ErrorContext?]
> = [
  [404, "resource.not.found", "CampaignNotFound"],
  [404, "campaign.not.found", "CampaignNotFound"],
  [404, "not.found", "CampaignNotFound"],
  [404, "not.found", "GenesysRefused", noCampaign],
  [404, undefined, "GenesysUnavailable", noCampaign],
  [409, "invalid.update.wrong.version", "LockConflict"],
  [409, "version.conflict", "LockConflict"],
  [409, "request.conflict", "LockConflict"],
  [409, "invalid.update.campaign.active", "GenesysRefused"],
  [409, "too.many.skill.queue.members", "GenesysRefused"],
  [409, undefined, "GenesysRefused"],
  [409, undefined, "LockConflict", etag],
  [409, "etag.mismatch", "LockConflict", etag],
  [412, undefined, "LockConflict", etag],
  [400, "invalid.update.bad.status.transition", "GenesysRefused"],
  [400, "invalid.update.campaign.active", "GenesysRefused"],
  [400, "active.campaigns.limit.exceeded", "GenesysRefused"],
  [400, "simultaneous.field.and.status.update", "GenesysRefused"],
  [422, undefined, "GenesysRefused", etag],
  [403, "campaign.black.listed", "GenesysRefused"],
  [403, "all.campaigns.black.listed", "GenesysRefused"],
  [403, "missing.permissions", "PermissionMissing"],
  [403, "missing.any.permissions", "PermissionMissing"],
  [403, "missing.division.permission", "PermissionMissing"],
  [403, "missing.any.division.permissions", "PermissionMissing"],
  [403, "not.authorized", "PermissionMissing"],
  [403, "app.not.authorized.for.scope", "PermissionMissing"],
  [401, "bad.credentials", "NotAuthenticated"],
  [401, "ip.not.authorized", "NotAuthenticated"],
  [429, "too.many.requests", "RateLimited"],
  [429, "too.many.requests.retry.after", "RateLimited"],
  [408, "client.timeout", "GenesysUnavailable"],
  [500, "internal.server.error", "GenesysUnavailable"],
  [503, "service.unavailable", "GenesysUnavailable"],
  [504, "request.timeout", "GenesysUnavailable"]
]

describe("an error reply", () => {
  for (const [status, code, tag, within = context] of TABLE)
    it(`${status} ${code ?? "without a code"}${within === etag ? ", ETag contract," : ""}${within === noCampaign ? ", of no campaign," : ""} is ${tag}`, () => {
      const error = replyError(reply(status, code), within)
      assert.strictEqual(error._tag, tag)
      assert.strictEqual(error.contextId, "ctx-1")
    })

  it("names the permission that its sentence names, else the one that the request needs", () => {
    const named = replyError(
      reply(
        403,
        "missing.permissions",
        "You are missing the following permission(s): outbound:campaign:view"
      ),
      context
    )
    assert.strictEqual(
      named._tag === "PermissionMissing" && named.permission,
      "outbound:campaign:view"
    )
    const unnamed = replyError(reply(403, "not.authorized", "No."), context)
    assert.strictEqual(
      unnamed._tag === "PermissionMissing" && unnamed.permission,
      "outbound:campaign:edit"
    )
  })

  it("takes the wait from Retry-After, else from the reset header, else from the sentence", () => {
    const wait = (headers: Record<string, string>, message?: string) => {
      const error = replyError(reply(429, "too.many.requests", message, headers), context)
      return error._tag === "RateLimited" ? error.retryAfterMs : "no rate limit"
    }
    const sentence = "Rate limit exceeded the maximum. Retry the request in [42] seconds"
    assert.strictEqual(wait({ "retry-after": "5", "inin-ratelimit-reset": "9" }, sentence), 5_000)
    assert.strictEqual(wait({ "retry-after": "Thu, 01 Jan 1970 00:01:00 GMT" }), 60_000)
    assert.strictEqual(
      wait({ "retry-after": "soon", "inin-ratelimit-reset": "9" }, sentence),
      9_000
    )
    assert.strictEqual(wait({}, sentence), 42_000)
    assert.isUndefined(wait({}, "wait"))
  })

  it("that is a page of HTML is not taken for Genesys' word on the campaign", () => {
    for (const status of [200, 302, 400, 403, 404, 409]) {
      const error = replyError({ status, headers: {}, text: "<html>Sign in</html>" }, context)
      assert.strictEqual(error._tag, "GenesysUnavailable")
    }
    const limited = replyError({ status: 429, headers: {}, text: "<html>" }, context)
    assert.strictEqual(limited._tag, "RateLimited")
  })
})

const secret = fc.constantFrom(
  SECRET,
  TOKEN,
  encodeURIComponent(SECRET),
  Buffer.from(SECRET).toString("base64"),
  `Basic ${Buffer.from(`client-id:${SECRET}`).toString("base64")}`,
  `Bearer ${TOKEN}`
)
/** Text with a secret somewhere in it, at times at the very place where a quote is cut. */
const leaky = fc.oneof(
  fc.tuple(fc.string(), secret, fc.string()).map((parts) => parts.join(" ")),
  fc
    .tuple(fc.integer({ min: 370, max: 410 }), secret)
    .map(([length, text]) => "x".repeat(length) + text),
  secret,
  fc.string()
)
const body = fc.oneof(
  fc
    .record(
      {
        message: leaky,
        code: fc.oneof(leaky, fc.constantFrom(...TABLE.map(([, code]) => code ?? ""))),
        error: leaky,
        error_description: leaky,
        contextId: leaky,
        status: fc.anything()
      },
      { requiredKeys: [] }
    )
    .map((value) => JSON.stringify(value)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  leaky
)
const headers = fc.dictionary(
  fc.constantFrom(
    "retry-after",
    "inin-correlation-id",
    "inin-ratelimit-reset",
    "content-type",
    "x"
  ),
  leaky
)

describe("any reply at all", () => {
  it("becomes a typed error that quotes no secret and no control character, and never throws", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        body,
        headers,
        fc.constantFrom(context, etag, noCampaign),
        (status, text, headers, within) => {
          const error = replyError({ status, headers, text }, within)
          const told = [error.message, JSON.stringify(error), String(error.stack)].join("\n")
          for (const fragment of ["canary", Buffer.from(SECRET).toString("base64").slice(0, 16)])
            assert.notInclude(told, fragment)
          // oxlint-disable-next-line no-control-regex -- what is looked for
          assert.notMatch(error.message, /[\u0000-\u001f\u007f\u009b\u202e]/)
          assert.isTrue(error instanceof Error)
        }
      ),
      { numRuns: 1_000 }
    )
  })
})
