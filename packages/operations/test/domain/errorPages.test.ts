import { CampaignId, CampaignNotFound, errorCatalogue } from "@campaignctl/core"
import { expect, it } from "vitest"
import {
  EngineInUse,
  HoldNotFound,
  isOperationsError,
  OperationNotControllable,
  OperationNotFound,
  operationsErrors,
  OperationsUnavailable,
  PlanRefused,
  PlanStale,
  ScheduleNotFound
} from "../../src/index.ts"

const plan = {
  file: "emea",
  digest: "",
  states: [],
  policies: [],
  schedules: [],
  refusals: [],
  warnings: []
}

const raised = [
  new OperationNotFound({ operationId: "x" }),
  new OperationNotControllable({ operationId: "x", asked: "paused", why: "it is over." }),
  new OperationsUnavailable({ detail: "the disk is full." }),
  new EngineInUse({ file: "x.db" }),
  new ScheduleNotFound({ schedule: "x" }),
  new HoldNotFound({ name: "x" }),
  new PlanStale({ now: plan }),
  new PlanRefused({ refusals: ["It is kept by another."] })
]

it("gives every error its page, and no page two errors", () => {
  expect(Object.fromEntries(raised.map(({ _tag, page }) => [_tag, page]))).toEqual(operationsErrors)
  const codes = [...Object.values(errorCatalogue), ...Object.values(operationsErrors)].map(
    ({ code }) => code
  )
  expect(new Set(codes).size).toBe(codes.length)
})

it("knows its own errors from those of the core", () => {
  expect(raised.filter((error) => !isOperationsError(error))).toEqual([])
  const other = new CampaignNotFound({
    campaignId: CampaignId.make("66666666-6666-4666-8666-666666666666")
  })
  expect(isOperationsError(other)).toBe(false)
})

it("tells each in sentences", () => {
  for (const { message } of raised) expect(message).toMatch(/^[A-Z].*[.)]$/)
})
