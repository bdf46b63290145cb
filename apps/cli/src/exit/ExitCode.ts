import type { ErrorTag } from "@campaignctl/core"
import type { OperationsErrorTag } from "@campaignctl/operations"
import type { WebhooksErrorTag } from "@campaignctl/webhooks/errors"

/** What the program's exit code says. Scripts rely on these numbers. */
export const ExitCode = {
  /** Done, or there already. */
  done: 0,
  /** A defect of the program. */
  unexpected: 1,
  /** The command line or the configuration cannot be used. */
  usage: 2,
  /** A guard, or Genesys itself, refused the change. */
  rejected: 3,
  /** A conflict, or every retry failed. */
  conflict: 4,
  /** The credentials are not accepted, or a permission is missing. */
  authentication: 5,
  /** There is no such campaign or audit entry. */
  notFound: 6,
  /** Genesys, the ledger or the database of the request budget cannot be used. */
  unavailable: 7,
  /** It is not known whether the change was made. */
  outcomeUnknown: 8,
  /** A part of what was asked was done. */
  partial: 9,
  /** Ended because its terminal was closed. */
  hungUp: 129,
  /** Ended by Ctrl-C: 128 and the signal's number, as shells count. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The tags of everything that a command fails with. */
type CommandErrorTag = ErrorTag | OperationsErrorTag | WebhooksErrorTag

const exitCodes: Readonly<Record<CommandErrorTag, ExitCode>> = {
  CampaignNotFound: ExitCode.notFound,
  TransitionRejected: ExitCode.rejected,
  LockConflict: ExitCode.conflict,
  RateLimited: ExitCode.conflict,
  NotAuthenticated: ExitCode.authentication,
  PermissionMissing: ExitCode.authentication,
  GenesysRefused: ExitCode.rejected,
  GenesysUnavailable: ExitCode.unavailable,
  BudgetUnavailable: ExitCode.unavailable,
  OutcomeUnknown: ExitCode.outcomeUnknown,
  RetriesExhausted: ExitCode.conflict,
  AuditUnavailable: ExitCode.unavailable,
  ConfigInvalid: ExitCode.usage,
  RequestInvalid: ExitCode.usage,
  EngineInUse: ExitCode.usage,
  HoldNotFound: ExitCode.notFound,
  OperationNotControllable: ExitCode.rejected,
  OperationNotFound: ExitCode.notFound,
  OperationsUnavailable: ExitCode.unavailable,
  PlanRefused: ExitCode.rejected,
  PlanStale: ExitCode.conflict,
  ScheduleNotFound: ExitCode.notFound,
  DeliveryNotFound: ExitCode.notFound,
  DeliveryNotRepeatable: ExitCode.rejected,
  ReceiverRefused: ExitCode.rejected,
  SubscriptionNotFound: ExitCode.notFound,
  WebhooksUnavailable: ExitCode.unavailable
}

/** The exit code of an error, by its tag. */
export const exitCodeOf = (error: { readonly _tag: CommandErrorTag }): ExitCode =>
  exitCodes[error._tag]

/** From the one that a caller must look at first to the one that asks for nothing. */
const WORST_FIRST: ReadonlyArray<ExitCode> = [
  ExitCode.terminated,
  ExitCode.interrupted,
  ExitCode.hungUp,
  ExitCode.outcomeUnknown,
  ExitCode.unexpected,
  ExitCode.unavailable,
  ExitCode.authentication,
  ExitCode.conflict,
  ExitCode.notFound,
  ExitCode.rejected,
  ExitCode.usage,
  ExitCode.partial,
  ExitCode.done
]

/** The one of several results that matters most; done where there is none. */
export const worstOf = (codes: ReadonlyArray<ExitCode>): ExitCode =>
  WORST_FIRST.find((code) => codes.includes(code)) ?? ExitCode.done

/** One exit code for several campaigns: partial where some went well and some did not, else the worst. */
export const combinedExitCode = (codes: ReadonlyArray<ExitCode>): ExitCode =>
  codes.includes(ExitCode.done) && codes.some((code) => code !== ExitCode.done)
    ? ExitCode.partial
    : worstOf(codes)
