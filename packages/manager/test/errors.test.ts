import { inspect } from "node:util"
import * as core from "@campaignctl/core"
import { expect, it } from "vitest"
import { errorOf, errorOfThrown } from "../src/errors/errorOf.ts"
import * as face from "../src/index.ts"

const verdicts = [
  { guard: "matrix", status: "passed", detail: "paused may become active." },
  { guard: "capacity", status: "failed", detail: "Only 1 agent available on Renewals; 2 needed." }
] as const

/** Each error of the core with every field set, and what of it the class must show. */
const all: {
  readonly [T in core.CampaignctlError["_tag"]]: readonly [
    Extract<core.CampaignctlError, { readonly _tag: T }>,
    object
  ]
} = {
  CampaignNotFound: [
    new core.CampaignNotFound({ campaignId: "c", contextId: "x" }),
    { campaignId: "c", contextId: "x" }
  ],
  TransitionRejected: [
    new core.TransitionRejected({
      campaignId: "c",
      campaignName: "Renewals",
      state: "paused",
      target: "active",
      verdicts,
      auditSequence: 7
    }),
    {
      campaignId: "c",
      campaignName: "Renewals",
      state: "paused",
      target: "active",
      verdicts,
      violations: [verdicts[1]],
      auditSequence: 7
    }
  ],
  LockConflict: [
    new core.LockConflict({ campaignId: "c", genesysCode: "request.conflict", contextId: "x" }),
    { campaignId: "c", gaveWay: false, genesysCode: "request.conflict", contextId: "x" }
  ],
  RateLimited: [
    new core.RateLimited({ retryAfterMs: 7_000, contextId: "x" }),
    { retryAfterMs: 7_000, contextId: "x" }
  ],
  BudgetUnavailable: [new core.BudgetUnavailable(), {}],
  NotAuthenticated: [
    new core.NotAuthenticated({ detail: "wrong secret.", contextId: "x" }),
    { contextId: "x" }
  ],
  PermissionMissing: [
    new core.PermissionMissing({
      permission: "outbound:campaign:edit",
      detail: "in this division.",
      genesysCode: "missing.division.permission",
      contextId: "x"
    }),
    {
      permission: "outbound:campaign:edit",
      genesysCode: "missing.division.permission",
      contextId: "x"
    }
  ],
  GenesysRefused: [
    new core.GenesysRefused({
      status: 400,
      genesysCode: "invalid.update",
      detail: "no.",
      contextId: "x"
    }),
    { status: 400, genesysCode: "invalid.update", contextId: "x" }
  ],
  GenesysUnavailable: [
    new core.GenesysUnavailable({
      reason: "server-error",
      detail: "down.",
      status: 503,
      retryAfterMs: 9,
      contextId: "x"
    }),
    { reason: "server-error", status: 503, retryAfterMs: 9, contextId: "x" }
  ],
  OutcomeUnknown: [
    new core.OutcomeUnknown({
      campaignId: "c",
      target: "paused",
      detail: "lost.",
      auditSequence: 7
    }),
    { campaignId: "c", target: "paused", auditSequence: 7 }
  ],
  RetriesExhausted: [
    new core.RetriesExhausted({
      campaignId: "c",
      attempts: 4,
      because: "retries",
      lastCode: "RATE_LIMITED",
      lastMessage: "later.",
      retryAfterMs: 9,
      auditSequence: 7
    }),
    {
      campaignId: "c",
      attempts: 4,
      because: "retries",
      lastCode: "RATE_LIMITED",
      lastMessage: "later.",
      retryAfterMs: 9,
      auditSequence: 7
    }
  ],
  AuditUnavailable: [
    new core.AuditUnavailable({ detail: "disk full.", changeMayHaveHappened: true }),
    { changeMayHaveHappened: true }
  ],
  ConfigInvalid: [
    new core.ConfigInvalid({ problems: [{ key: "k", expected: "e", found: "f" }] }),
    { problems: [{ key: "k", expected: "e", found: "f" }] }
  ],
  RequestInvalid: [
    new core.RequestInvalid({ problems: [{ key: "k", expected: "e", found: "f" }] }),
    { problems: [{ key: "k", expected: "e", found: "f" }] }
  ]
}

const classes: ReadonlyMap<string, unknown> = new Map(Object.entries(face))

it.each(Object.entries(all))("has a class for %s that shows all that it knows", (tag, entry) => {
  const [told, fields] = entry
  const error = errorOf(told)
  const { causes, code, nextStep } = core.errorCatalogue[told._tag]
  expect(error).toBeInstanceOf(Error)
  expect(error).toBeInstanceOf(face.CampaignctlError)
  expect(error.constructor).toBe(classes.get(`${tag}Error`))
  const whole = { name: `${tag}Error`, message: told.message, code, causes, nextStep, ...fields }
  expect(error).toMatchObject(whole)
  expect(error.stack).toContain(`${tag}Error: ${told.message}`)
  expect(JSON.parse(JSON.stringify(error))).toEqual(JSON.parse(JSON.stringify(whole)))
  expect(errorOfThrown(told).constructor).toBe(error.constructor)
})

it("takes what is thrown for what it is", () => {
  const own = new face.ManagerClosedError()
  expect(errorOfThrown(own)).toBe(own)
  expect(errorOfThrown("text")).toMatchObject({ code: "UNEXPECTED", cause: { message: "text" } })
  expect(errorOfThrown(Object.assign(new Error("x"), { _tag: "Other" }))).toMatchObject({
    code: "UNEXPECTED"
  })
})

it("keeps nothing of a foreign error but its message and its stack", () => {
  const foreign = Object.assign(new Error("boom"), { config: { headers: "Bearer s3cr3t" } })
  expect(inspect(errorOfThrown(foreign), { depth: 9 })).not.toContain("s3cr3t")
})
