import {
  type AuditDraft,
  type AuditEntry,
  CampaignId,
  type CampaignState,
  LockToken
} from "@campaignctl/core"
import { ANY_CAMPAIGN_ID, auditDraft } from "@campaignctl/core/testing"
import { assert, describe, it } from "vitest"
import { judge, type Judged } from "../../src/watch/judge.ts"

const word = (sequence: number, draft: Partial<AuditDraft>): AuditEntry => ({
  ...auditDraft({ kind: "outcome", outcome: "applied", success: true, ...draft }),
  id: "an-entry",
  sequence,
  timestamp: "2026-11-23T09:00:00.000Z",
  previousHash: "",
  hash: ""
})
const stopped = (sequence: number) =>
  word(sequence, { currentState: "active", targetState: "paused", stateAfter: "draining" })
const started = (sequence: number) =>
  word(sequence, { currentState: "paused", targetState: "active", stateAfter: "active" })
const archived = (sequence: number) =>
  word(sequence, { currentState: "paused", targetState: "archived", stateAfter: "archived" })
const drifted = (sequence: number, currentState: CampaignState) =>
  word(sequence, { kind: "drift", outcome: null, targetState: null, currentState })

const shown = (status: string) => ({
  id: CampaignId.make(ANY_CAMPAIGN_ID),
  name: "Winter renewals",
  original: null,
  status,
  lock: LockToken.make("9"),
  observedAt: 0
})
const before = (state: CampaignState, toldIn: number) => ({ state, toldIn })
const suspect = (previousState: CampaignState | undefined): Judged => ({
  _tag: "Suspect",
  previousState
})
const observed = (previousState: CampaignState): Judged => ({ _tag: "Observed", previousState })
const known: Judged = { _tag: "Known" }

type Case = readonly [
  why: string,
  before: ReturnType<typeof before> | undefined,
  status: string,
  word: AuditEntry | undefined,
  judged: Judged,
  state: CampaignState
]

const cases: ReadonlyArray<Case> = [
  ["the first sight of a campaign", undefined, "on", undefined, known, "active"],
  ["nothing has changed", before("active", 0), "on", undefined, known, "active"],
  ["a stop elsewhere", before("active", 0), "stopping", undefined, suspect("active"), "draining"],
  ["a start elsewhere", before("paused", 0), "on", undefined, suspect("paused"), "active"],
  [
    "a start after a list ran out",
    before("completed", 0),
    "on",
    undefined,
    suspect("completed"),
    "active"
  ],
  ["the end of a drain", before("draining", 0), "off", undefined, observed("draining"), "paused"],
  [
    "a list that ran out",
    before("active", 0),
    "complete",
    undefined,
    observed("active"),
    "completed"
  ],
  [
    "found invalid while it stood",
    before("paused", 0),
    "invalid",
    undefined,
    observed("paused"),
    "invalid"
  ],
  [
    "found invalid while it dialled",
    before("active", 0),
    "invalid",
    undefined,
    suspect("active"),
    "invalid"
  ],
  ["a status that is not known", before("paused", 0), "resting", undefined, known, "invalid"],
  ["a stop of ours that was told", before("active", 4), "stopping", stopped(5), known, "draining"],
  [
    "the end of a drain of ours, of which only the end was seen",
    before("active", 4),
    "off",
    stopped(5),
    observed("draining"),
    "paused"
  ],
  // It saw the campaign dial, missed that one of us has stopped it, and sees that somebody has started it.
  [
    "a start elsewhere after a stop of ours that was missed",
    before("active", 4),
    "on",
    stopped(5),
    suspect("draining"),
    "active"
  ],
  [
    "a stop elsewhere of what we had started",
    before("active", 5),
    "stopping",
    started(5),
    suspect("active"),
    "draining"
  ],
  [
    "what we had started, seen first by somebody who takes over",
    undefined,
    "off",
    started(5),
    suspect("active"),
    "paused"
  ],
  [
    "a start of ours whose list ran out",
    before("active", 5),
    "complete",
    started(5),
    observed("active"),
    "completed"
  ],
  [
    "a drift that was told",
    before("active", 4),
    "stopping",
    drifted(5, "draining"),
    known,
    "draining"
  ],
  [
    "a start that was told as drift, taken back elsewhere",
    before("active", 5),
    "off",
    drifted(5, "active"),
    suspect("active"),
    "paused"
  ],
  ["what we have archived", before("archived", 5), "off", archived(5), known, "archived"],
  [
    "a start elsewhere of what we had archived",
    before("archived", 5),
    "on",
    archived(5),
    suspect("archived"),
    "active"
  ]
]

describe("the judgement of a sight", () => {
  it.each(cases)("%s", (_why, had, status, newest, judged, state) => {
    const judgement = judge(had, shown(status), newest)
    assert.deepEqual(judgement, { judged, state, toldIn: newest?.sequence ?? 0 })
  })
})
