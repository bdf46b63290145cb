import { attribute, errorCatalogue, type ErrorTag } from "@campaignctl/core"
import { Cause, Exit, type Tracer } from "effect"
import { observedTracer } from "./observedTracer.ts"

/** An error as a span tells it: its tag and, where it is ours, its code and title. */
class ToldError extends Error {
  constructor(tag: string) {
    const page = Object.hasOwn(errorCatalogue, tag)
      ? errorCatalogue[tag as ErrorTag] // just seen to be one
      : undefined
    super(page === undefined ? tag : `${page.code}: ${page.title}`)
    this.name = tag
    // No stack: its lines would be of this file, and the original's tell where our sources lie.
    this.stack = ""
  }
}

const tagOf = (error: unknown): string => {
  if (typeof error === "object" && error !== null) {
    if ("_tag" in error && typeof error._tag === "string") return error._tag
    if (error instanceof Error) return error.name
  }
  return "Unknown"
}

/** What a span may know of its end: the sentences of an error name campaigns, and quote what others wrote. */
const told = (
  span: Tracer.Span,
  exit: Exit.Exit<unknown, unknown>
): Exit.Exit<unknown, unknown> => {
  if (Exit.isSuccess(exit)) return Exit.void
  if (Cause.hasInterruptsOnly(exit.cause)) return exit
  const known = span.attributes.get(attribute.errorType)
  const type = typeof known === "string" ? known : tagOf(Cause.squash(exit.cause))
  span.attribute(attribute.errorType, type)
  return Exit.fail(new ToldError(type))
}

/** A tracer whose spans tell nothing of their end but whether it was well, and the error's tag. */
export const discreetTracer = (inner: Tracer.Tracer): Tracer.Tracer =>
  observedTracer(inner, (span) => {
    const end = span.end.bind(span)
    span.end = (endTime, exit) => end(endTime, told(span, exit))
  })
