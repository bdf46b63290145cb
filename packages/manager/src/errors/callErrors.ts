import { CampaignctlError, type ErrorPage, type Told } from "./CampaignctlError.ts"

/** One thing wrong with a configuration or a request. */
export interface Problem {
  readonly key: string
  readonly expected: string
  /** What was found instead; never a secret's value. */
  readonly found: string
}

/** The configuration cannot be used; every problem is listed. */
export class ConfigInvalidError extends CampaignctlError {
  declare readonly code: "CONFIG_INVALID"
  readonly problems: ReadonlyArray<Problem>

  constructor(told: Told<{ readonly problems: ReadonlyArray<Problem> }>) {
    super(told.message, told.page)
    this.problems = told.problems
  }
}

/** The arguments of a call are not well formed; every problem is listed. Nothing was read or written. */
export class RequestInvalidError extends CampaignctlError {
  declare readonly code: "REQUEST_INVALID"
  readonly problems: ReadonlyArray<Problem>

  constructor(told: Told<{ readonly problems: ReadonlyArray<Problem> }>) {
    super(told.message, told.page)
    this.problems = told.problems
  }
}

const abortedPage: ErrorPage = {
  code: "ABORTED",
  causes: ["the AbortSignal that the call was given was aborted"],
  nextStep:
    "Where the call was a change, look at the campaign or at the audit trail: it says what became of it."
}

/**
 * The call was ended by its AbortSignal. A change that was under way has its outcome in the audit.
 *
 * Its `name` is `AbortError`, as with the platform's own aborts; its `cause` is the signal's reason.
 */
export class AbortedError extends CampaignctlError {
  declare readonly code: "ABORTED"

  constructor(cause: unknown) {
    super("The call was aborted.", abortedPage, { cause })
    this.name = "AbortError"
  }
}

const closedPage: ErrorPage = {
  code: "MANAGER_CLOSED",
  causes: ["close() was called before, or while the call ran"],
  nextStep: "Make a new CampaignStateManager."
}

/** The manager is closed. */
export class ManagerClosedError extends CampaignctlError {
  declare readonly code: "MANAGER_CLOSED"

  constructor() {
    super("This CampaignStateManager is closed.", closedPage)
  }
}

const unexpectedPage: ErrorPage = {
  code: "UNEXPECTED",
  causes: ["a fault in campaignctl itself"],
  nextStep: "Please report it with its stack. A change that was under way is in the audit trail."
}

/** A fault in campaignctl itself. */
export class UnexpectedError extends CampaignctlError {
  declare readonly code: "UNEXPECTED"

  constructor(defect: unknown) {
    const cause = plainError(defect)
    super(`Something failed that should not: ${cause.message}`, unexpectedPage, { cause })
  }
}

/** Message and stack alone: what else hangs on a foreign error may hold a token. */
const plainError = (defect: unknown): Error => {
  if (!(defect instanceof Error)) return new Error(String(defect))
  const plain = new Error(defect.message)
  if (defect.stack !== undefined) plain.stack = defect.stack
  return plain
}
