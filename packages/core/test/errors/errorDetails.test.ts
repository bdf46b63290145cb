import { assert, describe, it } from "@effect/vitest"
import {
  AuditUnavailable,
  CampaignNotFound,
  type CampaignctlError,
  type ErrorDetails,
  errorDetails,
  GenesysRefused,
  GenesysUnavailable,
  OutcomeUnknown,
  PermissionMissing,
  RequestInvalid,
  RetriesExhausted,
  TransitionRejected
} from "../../src/index.ts"
import { ANY_CAMPAIGN_ID as campaignId } from "../../src/testing/index.ts"

const failed = { guard: "capacity", status: "failed", detail: "1 agent" } as const
const passed = { guard: "matrix", status: "passed", detail: "yes" } as const
const problem = { key: "note", expected: "text", found: "nothing" }

const table: ReadonlyArray<readonly [CampaignctlError, ErrorDetails]> = [
  [new CampaignNotFound({ campaignId }), {}],
  [new CampaignNotFound({ campaignId, contextId: "c-1" }), { contextId: "c-1" }],
  [
    new TransitionRejected({
      campaignId,
      campaignName: "Spring",
      state: "paused",
      target: "active",
      verdicts: [passed, failed]
    }),
    { violations: [failed] }
  ],
  [new RequestInvalid({ problems: [problem] }), { problems: [problem] }],
  [
    new PermissionMissing({ permission: "outbound:campaign:edit", detail: "" }),
    { permission: "outbound:campaign:edit" }
  ],
  [
    new GenesysRefused({ status: 400, genesysCode: "bad.request", detail: "" }),
    { genesysStatus: 400, genesysCode: "bad.request" }
  ],
  [
    new GenesysUnavailable({ reason: "server-error", detail: "", status: 503, retryAfterMs: 9 }),
    { genesysStatus: 503, retryAfterMs: 9 }
  ],
  [
    new RetriesExhausted({
      campaignId,
      attempts: 4,
      because: "retries",
      lastCode: "LOCK_CONFLICT",
      lastMessage: "",
      auditSequence: 7
    }),
    { lastCode: "LOCK_CONFLICT", auditSequence: 7 }
  ],
  [new OutcomeUnknown({ campaignId, target: "paused", detail: "" }), {}],
  [
    new AuditUnavailable({ detail: "", changeMayHaveHappened: false }),
    { changeMayHaveHappened: false }
  ]
]

describe("the details of an error", () => {
  it("are those that it has, and nothing else", () => {
    for (const [error, details] of table)
      assert.deepStrictEqual(errorDetails(error), details, error._tag)
  })
})
