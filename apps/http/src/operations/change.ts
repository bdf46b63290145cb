import { PauseReason } from "@campaignctl/core"
import type { OperationChange } from "@campaignctl/operations"
import { Effect } from "effect"
import type { Caller } from "../callers/Caller.ts"
import type { TransitionBody } from "../campaigns/schemas.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"
import { malformed } from "../routes/Route.ts"

type ChangeAsked = Pick<
  TransitionBody,
  "target" | "reason" | "note" | "drain" | "restart" | "override"
>

/** A request's change in the words of operations. */
export const operationChange = ({
  drain,
  note,
  override,
  reason,
  restart,
  target
}: ChangeAsked): OperationChange => ({
  target,
  ...(reason === undefined ? {} : { pauseReason: reason }),
  ...(note === undefined ? {} : { note }),
  ...(drain === undefined ? {} : { drain }),
  ...(restart === undefined ? {} : { restart }),
  ...(override === undefined ? {} : { overrides: override })
})

const withOverride = ({ scopes }: Caller, detail: string): Effect.Effect<void, HttpProblem> =>
  scopes.has("campaigns:override")
    ? Effect.void
    : Effect.fail(
        new HttpProblem({
          code: "SCOPE_MISSING",
          detail,
          parts: { requiredScope: "campaigns:override" }
        })
      )

/** Fails where the caller may not override the guards that they name. */
export const mayOverride = (
  override: ChangeAsked["override"],
  caller: Caller
): Effect.Effect<void, HttpProblem> =>
  override === undefined || override.length === 0
    ? Effect.void
    : withOverride(caller, "Overriding a guard needs the scope campaigns:override.")

/**
 * Fails where the caller may not change what a campaign's guards ask: a window at all hours and no
 * agents at all would be an override of both by another name.
 */
export const mayKeepPolicies = (caller: Caller): Effect.Effect<void, HttpProblem> =>
  withOverride(
    caller,
    "Changing a campaign's window or minimum of agents needs the scope campaigns:override."
  )

/** Fails where every campaign would be rejected for the same thing: better said at once. */
export const hasReason = ({ reason, target }: ChangeAsked): Effect.Effect<void, ServiceError> =>
  target === "paused" && reason === undefined
    ? Effect.fail(
        malformed([
          { key: "body.reason", expected: `one of ${PauseReason.literals.join(", ")} for a pause` }
        ])
      )
    : Effect.void
