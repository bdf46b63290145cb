import { type AuditEntry, CampaignId, CampaignState, LockToken } from "@campaignctl/core"
import { ANY_CAMPAIGN_ID, auditDraft } from "@campaignctl/core/testing"
import { assert, it } from "vitest"
import { judge } from "../../src/watch/judge.ts"

const word = (sequence: number): AuditEntry => ({
  ...auditDraft({
    kind: "outcome",
    outcome: "applied",
    success: true,
    currentState: "active",
    targetState: "paused",
    stateAfter: "draining"
  }),
  id: "an-entry",
  sequence,
  timestamp: "2026-11-23T09:00:00.000Z",
  previousHash: "",
  hash: ""
})

const shown = (status: string) => ({
  id: CampaignId.make(ANY_CAMPAIGN_ID),
  name: "Winter renewals",
  original: null,
  status,
  lock: LockToken.make("9"),
  observedAt: 0
})

it("what was told since the watch looked last is the state before a change elsewhere", () => {
  // It saw the campaign dial, missed that one of us has stopped it, and sees that somebody has started it again.
  const before = { state: CampaignState.make("active"), toldIn: 4 }
  assert.deepEqual(judge(before, shown("on"), word(5)).judged, {
    _tag: "Suspect",
    previousState: "draining"
  })
})
