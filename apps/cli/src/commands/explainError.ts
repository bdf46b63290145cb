import { errorCatalogue, type ErrorPage, type ErrorTag } from "@campaignctl/core"
import type { OperationsErrorTag } from "@campaignctl/operations/errors"
import type { WebhooksErrorTag } from "@campaignctl/webhooks/errors"
import { Effect } from "effect"
import { Problems } from "../arguments/Problems.ts"
import { ExitCode, exitCodeOf } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit } from "../render/emit.ts"
import { table } from "../render/table.ts"

interface ExplainedPage extends ErrorPage {
  readonly exitCode: ExitCode
}

type Tag = ErrorTag | OperationsErrorTag | WebhooksErrorTag

/** The core's errors and those of operations and webhooks. */
const everyPage: Effect.Effect<ReadonlyArray<ExplainedPage>> = Effect.map(
  Effect.promise(() =>
    Promise.all([import("@campaignctl/operations/errors"), import("@campaignctl/webhooks/errors")])
  ),
  ([{ operationsErrors }, { webhooksErrors }]) =>
    Object.entries<ErrorPage>({ ...errorCatalogue, ...operationsErrors, ...webhooksErrors }).map(
      ([tag, page]) => ({
        ...page,
        exitCode: exitCodeOf({ _tag: tag as Tag }) // the keys of each catalogue are its tags
      })
    )
)

/** A code that only the HTTP service has; its pages are loaded for a code that the core does not know. */
const serviceProblem = (given: string | undefined, allPages: ReadonlyArray<ExplainedPage>) => {
  const code = given?.trim().toUpperCase()
  if (code === undefined || allPages.some((page) => page.code === code))
    return Effect.succeed(undefined)
  return Effect.map(
    Effect.promise(() => import("@campaignctl/http/problems")),
    ({ problemPages }) => problemPages.get(code)
  )
}

/** `explain-error`: what a code means, what causes it and what to do; all codes where none is named. */
export const command = ({ args }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const [given] = args
    const allPages = yield* everyPage
    const ofService = yield* serviceProblem(given, allPages)
    if (ofService !== undefined) {
      yield* emit(ofService, ({ out }) => [
        `${out.paint("bold", ofService.code)}  ${ofService.title} (HTTP ${ofService.statuses.join(" or ")})`,
        "Possible causes:",
        ...ofService.causes.map((cause) => `  - ${cause}`),
        `Next: ${ofService.nextStep}`
      ])
      return ExitCode.done
    }
    if (given === undefined) {
      yield* emit(allPages, ({ out }) =>
        table(
          [
            { title: "CODE", text: ({ code }) => code },
            { title: "EXIT", text: ({ exitCode }) => exitCode.toString() },
            { title: "MEANING", text: ({ title }) => title, gives: "words" }
          ],
          allPages,
          out
        )
      )
      return ExitCode.done
    }
    const problems = new Problems()
    const code = problems.choice(
      "code",
      allPages.map(({ code }) => code),
      given.trim().toUpperCase()
    )
    yield* problems.check
    const page = allPages.find((candidate) => candidate.code === code)
    if (page === undefined) return ExitCode.usage
    yield* emit(page, ({ out }) => [
      `${out.paint("bold", page.code)}  ${page.title} (exit code ${page.exitCode})`,
      "Possible causes:",
      ...page.causes.map((cause) => `  - ${cause}`),
      `Next: ${page.nextStep}`
    ])
    return ExitCode.done
  })
