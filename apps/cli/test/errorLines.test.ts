import {
  AuditUnavailable,
  BudgetUnavailable,
  CampaignNotFound,
  ConfigInvalid,
  GenesysRefused,
  GenesysUnavailable,
  LockConflict,
  NotAuthenticated,
  OutcomeUnknown,
  PermissionMissing,
  RateLimited,
  RequestInvalid,
  RetriesExhausted,
  TransitionRejected
} from "@campaignctl/core"
import {
  DeliveryNotFound,
  DeliveryNotRepeatable,
  ReceiverRefused,
  SubscriptionNotFound,
  WebhooksUnavailable
} from "@campaignctl/webhooks"
import { describe, expect, it } from "vitest"
import { errorDocument } from "../src/errors/ErrorDocument.ts"
import { errorLines } from "../src/errors/errorLines.ts"
import type { CommandError } from "../src/process/CommandError.ts"

const campaignId = "0b5d1c9e-4a9f-4d0e-9a64-1f6a3c1d2e3f"
const problems = [
  { key: "--to", expected: "a", found: "b" },
  { key: "--reason", expected: "c", found: "d" }
]
const rejected = new TransitionRejected({
  campaignId,
  campaignName: "Night\u001B[2J Shift\n",
  state: "paused",
  target: "active",
  auditSequence: 7,
  verdicts: [
    { guard: "matrix", status: "passed", detail: "ok" },
    { guard: "capacity", status: "failed", detail: "Only 0 agents." },
    { guard: "callingWindow", status: "unknown", detail: "Not known." }
  ]
})

const ERRORS: ReadonlyArray<CommandError> = [
  rejected,
  new CampaignNotFound({ campaignId }),
  new LockConflict({ campaignId }),
  new RateLimited({ retryAfterMs: 2_000 }),
  new BudgetUnavailable(),
  new NotAuthenticated({ detail: "no." }),
  new PermissionMissing({ permission: "outbound:campaign:edit", detail: "no." }),
  new GenesysRefused({ status: 400, genesysCode: "bad.request", detail: "no." }),
  new GenesysUnavailable({ reason: "timeout", detail: "no." }),
  new OutcomeUnknown({ campaignId, target: "paused", detail: "lost." }),
  new RetriesExhausted({
    campaignId,
    attempts: 4,
    because: "retries",
    lastCode: "RATE_LIMITED",
    lastMessage: "no."
  }),
  new AuditUnavailable({ detail: "no.", changeMayHaveHappened: true }),
  new ConfigInvalid({ problems }),
  new RequestInvalid({ problems }),
  new SubscriptionNotFound({ subscriptionId: campaignId }),
  new DeliveryNotFound({ deliveryId: campaignId }),
  new DeliveryNotRepeatable({ what: "It", why: "it is\nstill tried." }),
  new ReceiverRefused({ receiver: "https://[::1]:8443/hook", why: "no." }),
  new WebhooksUnavailable({ detail: "no." })
]

const paint = (_style: unknown, text: string) => text

describe("an error for a person", () => {
  it.each(ERRORS)("$_tag: a sentence, the next step, the code, one line each", (error) => {
    const lines = errorLines(error, { paint })
    expect(lines[0]).toMatch(/^error: .+/)
    expect(lines.at(-2)).toMatch(/^ {2}next: .+/)
    expect(lines.at(-1)).toContain(error.page.code)
    for (const line of lines) expect(line).not.toMatch(/\p{Cc}/u)
  })

  it("lists every violation on its own line, and how to decide against them", () => {
    const text = errorLines(rejected, { paint })
    expect(text.filter((line) => line.startsWith("  ✗ "))).toEqual([
      "  ✗ capacity: Only 0 agents.",
      "  ✗ callingWindow: Not known."
    ])
    expect(text.join("\n")).toContain("--override capacity --override callingWindow --note")
    expect(text.at(-1)).toContain("audit entry 7")
  })

  it("says how the very receiver is allowed, where its address can be read", () => {
    const nextStep = (receiver: string) =>
      errorDocument(new ReceiverRefused({ receiver, why: "no." })).nextStep
    expect(nextStep("https://[::1]:8443/hook")).toContain("CAMPAIGNCTL_WEBHOOK_ALLOW=::1,")
    expect(nextStep("http://wfm.corp:80/")).toContain("CAMPAIGNCTL_WEBHOOK_ALLOW=wfm.corp,")
    expect(nextStep("an unreadable address")).toContain("CAMPAIGNCTL_WEBHOOK_ALLOW.")
  })

  it("never advises to override the matrix", () => {
    const matrix = new TransitionRejected({
      campaignId,
      campaignName: "Winback",
      state: "archived",
      target: "active",
      verdicts: [{ guard: "matrix", status: "failed", detail: "archived may not become active." }]
    })
    expect(errorDocument(matrix).nextStep).not.toContain("--override")
  })

  it("names the campaign in the next step where there is one", () => {
    const unknown = new OutcomeUnknown({ campaignId, target: "paused", detail: "lost." })
    expect(errorDocument(unknown).nextStep).toContain(`campaignctl get ${campaignId}`)
  })
})
