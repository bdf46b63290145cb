import { Data } from "effect"
import { httpProblems, type HttpProblemCode, type HttpProblemPage } from "./httpProblems.ts"
import type { ProblemParts } from "./ProblemDocument.ts"

/** A problem that only exists over HTTP. */
export class HttpProblem extends Data.TaggedError("HttpProblem")<{
  readonly code: HttpProblemCode
  /** One sentence on this very request; the page's title where there is no more to say. */
  readonly detail?: string
  readonly parts?: ProblemParts
  readonly headers?: Readonly<Record<string, string>>
}> {
  get page(): HttpProblemPage {
    return httpProblems[this.code]
  }
  override get message(): string {
    return this.detail ?? `${this.page.title}.`
  }
}
