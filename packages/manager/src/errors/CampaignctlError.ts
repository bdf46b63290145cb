/** What is always true of one kind of error. */
export interface ErrorPage {
  readonly code: string
  readonly causes: ReadonlyArray<string>
  readonly nextStep: string
}

/** The base of every error that a manager rejects with. Match on `code`, or on the subclass. */
export class CampaignctlError extends Error {
  /** Stable from version to version. */
  readonly code: string
  /** What usually leads to this error. */
  readonly causes: ReadonlyArray<string>
  /** What to do about it, in one or two sentences. */
  readonly nextStep: string

  constructor(message: string, page: ErrorPage, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.code = page.code
    this.causes = page.causes
    this.nextStep = page.nextStep
  }

  /** Every field, for a structured log. No error holds a secret. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { ...Object.fromEntries(Object.entries(this)), name: this.name, message: this.message }
  }
}

/** An error of the core as its public fields show it; `F` are those of its kind. */
export type Told<F = unknown> = F & { readonly message: string; readonly page: ErrorPage }
