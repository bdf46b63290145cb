import { assert, describe, it } from "@effect/vitest"
import * as Core from "../../src/index.ts"

/** One of each error, as it would be raised. */
const raised: ReadonlyArray<Core.CampaignctlError> = [
  new Core.CampaignNotFound({ campaignId: "c" }),
  new Core.TransitionRejected({
    campaignId: "c",
    campaignName: "Spring",
    state: "paused",
    target: "active",
    verdicts: [
      { guard: "matrix", status: "passed", detail: "paused may become active." },
      { guard: "capacity", status: "failed", detail: "Only 1 agent available." },
      { guard: "callingWindow", status: "unknown", detail: "The calling window is not known." }
    ]
  }),
  new Core.LockConflict({ campaignId: "c" }),
  new Core.RateLimited({ retryAfterMs: 42_000 }),
  new Core.BudgetUnavailable(),
  new Core.NotAuthenticated({ detail: "invalid client" }),
  new Core.PermissionMissing({ permission: "outbound:campaign:edit", detail: "not granted" }),
  new Core.GenesysRefused({
    status: 400,
    genesysCode: "queue.not.found",
    detail: "no queue",
    contextId: "ctx"
  }),
  new Core.GenesysUnavailable({ reason: "timeout", detail: "no answer in 16 s" }),
  new Core.OutcomeUnknown({ campaignId: "c", target: "active", detail: "the reply was lost." }),
  new Core.RetriesExhausted({
    campaignId: "c",
    attempts: 4,
    because: "retries",
    lastCode: "LOCK_CONFLICT",
    lastMessage: "changed by somebody else"
  }),
  new Core.AuditUnavailable({ detail: "disk full.", changeMayHaveHappened: false }),
  new Core.ConfigInvalid({
    problems: [{ key: "OAUTH_CLIENT_ID", expected: "text", found: "nothing" }]
  }),
  new Core.RequestInvalid({ problems: [{ key: "target", expected: "active", found: "“on”" }] })
]

describe("errors", () => {
  it("cover the catalogue, each under its own tag and a code of its own", () => {
    assert.deepStrictEqual(
      raised.map(({ _tag }) => _tag).toSorted(),
      Object.keys(Core.errorCatalogue).toSorted()
    )
    for (const error of raised) assert.strictEqual(error.page, Core.errorCatalogue[error._tag])
    const codes = raised.map(({ page }) => page.code)
    assert.strictEqual(new Set(codes).size, codes.length)
    for (const code of codes) assert.match(code, /^[A-Z][A-Z_]+$/)
  })

  it("say in one sentence or two what happened, and what to do next", () => {
    for (const { message, page } of raised) {
      assert.notMatch(message, /undefined|\[object|NaN/)
      assert.isAbove(message.length, 20)
      assert.match(page.nextStep, /\.$/)
      assert.isNotEmpty(page.causes)
    }
  })

  it("name every violation of a rejection and none that passed", () => {
    const rejection = raised.find(({ _tag }) => _tag === "TransitionRejected")
    assert.include(rejection?.message, "Only 1 agent available.")
    assert.include(rejection?.message, "The calling window is not known.")
    assert.notInclude(rejection?.message, "may become active")
  })

  it("tell a change that was sent from one that was not, when the ledger fails", () => {
    const sent = new Core.AuditUnavailable({ detail: "disk full.", changeMayHaveHappened: true })
    const unsent = new Core.AuditUnavailable({ detail: "disk full.", changeMayHaveHappened: false })
    assert.include(sent.message, "may have been sent")
    assert.include(unsent.message, "nothing was changed")
  })
})
