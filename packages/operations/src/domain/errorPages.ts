import type { ErrorPage } from "@campaignctl/core"

/** Every error that operations raise beside the core's own, by tag: one per decision that a caller makes. */
export const operationsErrors = {
  OperationNotFound: {
    code: "OPERATION_NOT_FOUND",
    title: "No such operation",
    causes: ["the id is wrong", "it was submitted by a caller whose divisions are not yours"],
    nextStep: "List the operations with `campaignctl operations list`."
  },
  OperationNotControllable: {
    code: "OPERATION_NOT_CONTROLLABLE",
    title: "The operation cannot be steered so",
    causes: ["it is over", "operations of its kind cannot be paused"],
    nextStep: "Look at it with `campaignctl operations show ID`; submit another one if need be."
  },
  OperationsUnavailable: {
    code: "OPERATIONS_UNAVAILABLE",
    title: "Operations cannot be used now",
    causes: ["the database is down or full", "no process carries operations on"],
    nextStep:
      "Put the database right, then look what has become of the operation before you ask again. To stop campaigns meanwhile: `campaignctl halt` needs no database."
  },
  EngineInUse: {
    code: "ENGINE_IN_USE",
    title: "Another process carries on the operations of this SQLite file",
    causes: ["`campaignctl serve` or a fleet's command runs on the same file"],
    nextStep:
      "End the other process, or let several share the work on PostgreSQL (CAMPAIGNCTL_DATABASE_URL=postgres:…)."
  },
  ScheduleNotFound: {
    code: "SCHEDULE_NOT_FOUND",
    title: "No such schedule",
    causes: ["the id or the name is wrong", "it was removed"],
    nextStep: "List the schedules with `campaignctl schedule list`."
  },
  HoldNotFound: {
    code: "HOLD_NOT_FOUND",
    title: "No halt of this name holds",
    causes: ["the name is wrong", "it was lifted already"],
    nextStep: "List what holds with `campaignctl halt list`."
  },
  PlanStale: {
    code: "PLAN_STALE",
    title: "Something has changed since the plan was made",
    causes: [
      "a campaign, a policy or a schedule that the file speaks of was changed",
      "the file itself was"
    ],
    nextStep: "Plan again, look at what is different now, then apply that."
  },
  PlanRefused: {
    code: "PLAN_REFUSED",
    title: "The file wants what somebody else keeps",
    causes: [
      "a schedule of that name was added by hand or by another file",
      "another file keeps the window or the minimum of agents of a campaign"
    ],
    nextStep: "Take it out of one of the two; nothing was applied."
  }
} as const satisfies Readonly<Record<string, ErrorPage>>

/** The tag of an error of operations. */
export type OperationsErrorTag = keyof typeof operationsErrors
/** Its stable code. */
export type OperationsErrorCode = (typeof operationsErrors)[OperationsErrorTag]["code"]
