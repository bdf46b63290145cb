import type { CampaignctlError as CoreError } from "@campaignctl/core"
import { ConfigInvalidError, RequestInvalidError, UnexpectedError } from "./callErrors.ts"
import { CampaignctlError } from "./CampaignctlError.ts"
import {
  BudgetUnavailableError,
  CampaignNotFoundError,
  GenesysRefusedError,
  GenesysUnavailableError,
  LockConflictError,
  NotAuthenticatedError,
  PermissionMissingError,
  RateLimitedError
} from "./genesysErrors.ts"
import {
  AuditUnavailableError,
  OutcomeUnknownError,
  RetriesExhaustedError,
  TransitionRejectedError
} from "./transitionErrors.ts"

type Tag = CoreError["_tag"]

/** One class for every error of the core. A tag without one does not compile. */
const CLASSES: {
  readonly [T in Tag]: new (told: Extract<CoreError, { readonly _tag: T }>) => CampaignctlError
} = {
  CampaignNotFound: CampaignNotFoundError,
  LockConflict: LockConflictError,
  RateLimited: RateLimitedError,
  BudgetUnavailable: BudgetUnavailableError,
  NotAuthenticated: NotAuthenticatedError,
  PermissionMissing: PermissionMissingError,
  GenesysRefused: GenesysRefusedError,
  GenesysUnavailable: GenesysUnavailableError,
  TransitionRejected: TransitionRejectedError,
  OutcomeUnknown: OutcomeUnknownError,
  RetriesExhausted: RetriesExhaustedError,
  AuditUnavailable: AuditUnavailableError,
  ConfigInvalid: ConfigInvalidError,
  RequestInvalid: RequestInvalidError
}

/** The error of the core as a class that needs no Effect to be caught. */
export const errorOf = (error: CoreError): CampaignctlError => {
  // The table pairs every tag with the class of that very tag, which an index by a union cannot express.
  const Class = CLASSES[error._tag] as new (told: CoreError) => CampaignctlError
  return new Class(error)
}

const isCoreError = (thrown: unknown): thrown is CoreError =>
  thrown instanceof Error &&
  "_tag" in thrown &&
  typeof thrown._tag === "string" &&
  Object.hasOwn(CLASSES, thrown._tag)

/** Whatever was thrown, as an error of this package. */
export const errorOfThrown = (thrown: unknown): CampaignctlError => {
  if (thrown instanceof CampaignctlError) return thrown
  return isCoreError(thrown) ? errorOf(thrown) : new UnexpectedError(thrown)
}
