import { errorCatalogue, type ErrorTag } from "@campaignctl/core"
import { operationsErrors, type OperationsErrorTag } from "@campaignctl/operations/errors"
import { webhooksErrors, type WebhooksErrorTag } from "@campaignctl/webhooks/errors"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { combinedExitCode, ExitCode, exitCodeOf, worstOf } from "../src/exit/ExitCode.ts"

const codes = Object.values(ExitCode)
const someCodes = fc.array(fc.constantFrom(...codes), { minLength: 1, maxLength: 12 })

describe("exit codes", () => {
  it("are what the documentation says, error by error", () => {
    const table = Object.fromEntries(
      // The catalogue's keys are its tags.
      (Object.keys(errorCatalogue) as ReadonlyArray<ErrorTag>).map((tag) => [
        tag,
        exitCodeOf({ _tag: tag })
      ])
    )
    expect(table).toEqual({
      CampaignNotFound: 6,
      TransitionRejected: 3,
      LockConflict: 4,
      RateLimited: 4,
      BudgetUnavailable: 7,
      NotAuthenticated: 5,
      PermissionMissing: 5,
      GenesysRefused: 3,
      GenesysUnavailable: 7,
      OutcomeUnknown: 8,
      RetriesExhausted: 4,
      AuditUnavailable: 7,
      ConfigInvalid: 2,
      RequestInvalid: 2
    })
  })

  it("are what the documentation says of operations' errors", () => {
    const table = Object.fromEntries(
      // The catalogue's keys are its tags.
      (Object.keys(operationsErrors) as ReadonlyArray<OperationsErrorTag>).map((tag) => [
        tag,
        exitCodeOf({ _tag: tag })
      ])
    )
    expect(table).toEqual({
      EngineInUse: 2,
      HoldNotFound: 6,
      OperationNotControllable: 3,
      OperationNotFound: 6,
      OperationsUnavailable: 7,
      PlanRefused: 3,
      PlanStale: 4,
      ScheduleNotFound: 6
    })
  })

  it("are what the documentation says of webhooks' errors", () => {
    const table = Object.fromEntries(
      // The catalogue's keys are its tags.
      (Object.keys(webhooksErrors) as ReadonlyArray<WebhooksErrorTag>).map((tag) => [
        tag,
        exitCodeOf({ _tag: tag })
      ])
    )
    expect(table).toEqual({
      DeliveryNotFound: 6,
      DeliveryNotRepeatable: 3,
      ReceiverRefused: 3,
      SubscriptionNotFound: 6,
      WebhooksUnavailable: 7
    })
  })

  it("of several campaigns is 9 exactly where some went well and some did not, else one of theirs", () => {
    fc.assert(
      fc.property(someCodes, (found) => {
        const combined = combinedExitCode(found)
        const well = found.filter((code) => code === ExitCode.done).length
        const right =
          well === 0
            ? found.includes(combined)
            : combined === (well === found.length ? ExitCode.done : ExitCode.partial)
        expect(right).toBe(true)
      })
    )
  })

  it("do not depend on the order, and none hides an outcome that is not known", () => {
    fc.assert(
      fc.property(someCodes, (found) => {
        expect(worstOf(found)).toBe(worstOf(found.toReversed()))
        const unsignalled = found.filter((code) => code < ExitCode.hungUp)
        expect(worstOf([...unsignalled, ExitCode.outcomeUnknown])).toBe(ExitCode.outcomeUnknown)
      })
    )
  })
})
