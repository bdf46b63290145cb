import {
  AuditLog,
  type Campaign,
  CampaignId,
  defaultSupervisionPolicy,
  LockToken,
  notGathered,
  type TransitionRequest
} from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Transitions } from "../../src/index.ts"
import type { Action } from "../../src/guard/Action.ts"
import { act } from "../../src/guard/act.ts"
import { GUARD } from "../../src/guard/words.ts"
import { memoryPorts } from "../support/memoryPorts.ts"

const campaign: Campaign = {
  id: CampaignId.make("77777777-7777-4777-8777-000000000001"),
  name: "Winter renewals",
  status: "off",
  lock: LockToken.make("6"),
  observedAt: 0,
  original: { listed: "long ago" }
}
const PAUSED_IN = 2

const actions: ReadonlyArray<Action> = [
  { _tag: "Pause", reason: "COMPLIANCE", note: "The guard pauses it." },
  { _tag: "Resume", lock: "6", since: PAUSED_IN, note: "The guard resumes it." }
]

/** What the guard asks for, of a campaign that it has paused. */
const askedFor = (action: Action, heard: boolean) =>
  Effect.gen(function* () {
    const requests: Array<TransitionRequest> = []
    const note = (request: TransitionRequest) =>
      Effect.sync(() => void requests.push(request)).pipe(
        Effect.andThen(Effect.die(new Error("nothing is sent in this test")))
      )
    const ledger = yield* AuditLog
    const ours = { campaignId: campaign.id, requestedBy: GUARD, source: "guard" } as const
    const intent = yield* ledger.append(
      auditDraft({ ...ours, kind: "intent", targetState: "paused" })
    )
    const paused = { kind: "outcome", outcome: "applied", success: true } as const
    const outcome = yield* ledger.append(
      auditDraft({ ...ours, ...paused, targetState: "paused", intentId: intent.id })
    )
    assert.strictEqual(outcome.sequence, PAUSED_IN)
    const sight = {
      campaign,
      heard,
      state: "paused",
      knownStatus: true,
      contradicted: false,
      word: null,
      agents: notGathered,
      minimumAgents: 1,
      window: { _tag: "Open" },
      hold: null,
      acts: []
    } as const
    yield* Effect.exit(
      Effect.provideService(act(defaultSupervisionPolicy, sight, action), Transitions, {
        run: note,
        resume: note
      })
    )
    return requests
  }).pipe(Effect.provide(memoryPorts))

it.effect.each(actions)("$_tag: sends back no body that is older than its lock", (action) =>
  Effect.gen(function* () {
    const [listed, ...more] = yield* askedFor(action, false)
    assert.deepStrictEqual([listed?.seen, more], [campaign, []])
    const [heard] = yield* askedFor(action, true)
    assert.strictEqual(heard?.campaignId, campaign.id)
    assert.isUndefined(heard?.seen)
  })
)
