import { GenesysUnavailable, LockConflict, RateLimited, RetriesExhausted } from "@campaignctl/core"
import { assert, describe, it } from "vitest"
import { problemPages } from "../src/index.ts"
import { problemAnswer } from "../src/problems/problemAnswer.ts"
import { statusOf } from "../src/problems/statusOf.ts"

/** Every problem that there is, with its statuses: clients rely on each. */
const STATUSES: Readonly<Record<string, ReadonlyArray<number>>> = {
  REQUEST_INVALID: [400],
  UNAUTHENTICATED: [401],
  DIVISION_BOUND: [403],
  HOST_NOT_ALLOWED: [403],
  SCOPE_MISSING: [403],
  CAMPAIGN_NOT_FOUND: [404],
  ENTRY_NOT_FOUND: [404],
  HOLD_NOT_FOUND: [404],
  METRICS_NOT_CONFIGURED: [404],
  OPERATIONS_NOT_CONFIGURED: [404],
  OPERATION_NOT_FOUND: [404],
  SCHEDULE_NOT_FOUND: [404],
  ROUTE_NOT_FOUND: [404],
  WEBHOOKS_NOT_CONFIGURED: [404],
  WEBHOOK_DELIVERY_NOT_FOUND: [404],
  WEBHOOK_SUBSCRIPTION_NOT_FOUND: [404],
  METHOD_NOT_ALLOWED: [405],
  REQUEST_TIMEOUT: [408],
  FLEET_DIFFERS: [409],
  IDEMPOTENCY_IN_PROGRESS: [409],
  LOCK_CONFLICT: [409],
  OPERATION_NOT_CONTROLLABLE: [409],
  PLAN_STALE: [409],
  WEBHOOK_DELIVERY_NOT_REPEATABLE: [409],
  RETRIES_EXHAUSTED: [409, 429, 503],
  PRECONDITION_FAILED: [412],
  BODY_TOO_LARGE: [413],
  UNSUPPORTED_MEDIA_TYPE: [415],
  GENESYS_REFUSED: [422],
  IDEMPOTENCY_KEY_REUSED: [422],
  PLAN_REFUSED: [422],
  TRANSITION_REJECTED: [422],
  WEBHOOK_RECEIVER_REFUSED: [422],
  PRECONDITION_REQUIRED: [428],
  RATE_LIMITED: [429],
  TOO_MANY_REQUESTS: [429],
  HEADERS_TOO_LARGE: [431],
  CONFIG_INVALID: [500],
  UNEXPECTED: [500],
  NOT_AUTHENTICATED: [502],
  PERMISSION_MISSING: [502],
  GENESYS_UNAVAILABLE: [502, 503, 504],
  AUDIT_UNAVAILABLE: [503],
  BUDGET_UNAVAILABLE: [503],
  ENGINE_IN_USE: [503],
  IDENTITY_UNAVAILABLE: [503],
  NOT_READY: [503],
  OPERATIONS_UNAVAILABLE: [503],
  WEBHOOKS_UNAVAILABLE: [503],
  OUTCOME_UNKNOWN: [504]
}

const context = { base: "", requestId: "r", traceId: null, hideContextId: false }

describe("the status of each problem", () => {
  it("is the one that it has always been", () => {
    for (const [code, statuses] of Object.entries(STATUSES))
      assert.deepStrictEqual(problemPages.get(code)?.statuses, statuses, code)
  })

  it("tells what Genesys did apart", () => {
    const table = {
      "server-error": 502,
      "malformed-reply": 502,
      "connection-lost": 502,
      unreachable: 503,
      timeout: 504
    } as const satisfies Record<GenesysUnavailable["reason"], number>
    for (const [reason, status] of Object.entries(table))
      assert.strictEqual(
        statusOf(
          new GenesysUnavailable({
            reason: reason as GenesysUnavailable["reason"], // a key of the table above
            detail: "no answer"
          })
        ),
        status
      )
  })

  it("429 comes with Retry-After, whether or not Genesys said how long to wait", () => {
    for (const [wait, seconds] of [
      [{}, "60"],
      [{ retryAfterMs: 5_001 }, "6"],
      [{ retryAfterMs: 0 }, "1"]
    ] as const)
      for (const error of [
        new RateLimited(wait),
        new RetriesExhausted({
          campaignId: "11111111-1111-4111-8111-111111111111",
          attempts: 4,
          because: "retries",
          lastCode: "RATE_LIMITED",
          lastMessage: "the last",
          ...wait
        })
      ]) {
        const { headers, status } = problemAnswer(error, context)
        assert.deepStrictEqual([status, headers["retry-after"]], [429, seconds])
      }
  })

  it("of a start that gave way to a stop is that of a conflict, and not of a condition", () => {
    const campaignId = "11111111-1111-4111-8111-111111111111"
    const { body, status } = problemAnswer(new LockConflict({ campaignId, gaveWay: true }), context)
    assert.deepStrictEqual([status, JSON.parse(body).code], [409, "LOCK_CONFLICT"])
    assert.include(JSON.parse(body).detail, "asked to stop")
    assert.strictEqual(problemAnswer(new LockConflict({ campaignId }), context).status, 412)
  })

  it("of a run that gave up is that of what it met last", () => {
    for (const [lastCode, status] of [
      ["LOCK_CONFLICT", 409],
      ["RATE_LIMITED", 429],
      ["GENESYS_UNAVAILABLE", 503]
    ] as const)
      assert.strictEqual(
        statusOf(
          new RetriesExhausted({
            campaignId: "11111111-1111-4111-8111-111111111111",
            attempts: 4,
            because: "retries",
            lastCode,
            lastMessage: "the last"
          })
        ),
        status
      )
  })
})
