import { writeFile } from "node:fs/promises"
import { type Config, RequestInvalid } from "@campaignctl/core"
import {
  applyFile,
  FilePlan,
  type FleetFile,
  hasDifferences,
  type Operation,
  planFile,
  PlanStale
} from "@campaignctl/operations"
import { Effect, Schema } from "effect"
import { Problems } from "../../arguments/Problems.ts"
import { requestedFile, whyNot } from "../../arguments/textFile.ts"
import { confirmMany } from "../../change/confirmMany.ts"
import { loadConfig } from "../../compose/loadConfig.ts"
import { requestedBy } from "../../compose/requestedBy.ts"
import { combinedExitCode, ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { Terminal } from "../../terminal/Terminal.ts"
import { follow } from "../follow.ts"
import { planLines } from "../planLines.ts"
import { readFleetFileAt } from "../readFleetFileAt.ts"
import { exitCodeOfOperation, showEnd } from "../showOperation.ts"
import { operationsLayer } from "../withOperations.ts"

export interface PlanOptions {
  readonly file?: string
  readonly out?: string
}
export interface ApplyOptions {
  readonly file?: string
  readonly plan?: string
  readonly yes?: boolean
}

/** `plan` says by its exit code whether there is something to do. */
const SOME_DIFFERENCES = ExitCode.usage

const fileOf = Effect.fnUntraced(function* (
  path: string | undefined,
  { holidayLists }: Pick<Config, "holidayLists">
) {
  const problems = new Problems()
  if (path === undefined) problems.add("--file", "the declarative file", "nothing")
  yield* problems.check
  return yield* readFleetFileAt(path ?? "", holidayLists)
})

/** `plan -f FILE`: what is different from what the file wants. Exit code 0 for nothing, 2 for something. */
export const planCommand = ({ env, options }: CommandInput<PlanOptions>): CommandEffect =>
  Effect.gen(function* () {
    const config = yield* loadConfig(env, options)
    const file = yield* fileOf(options.file, config)
    const plan = yield* Effect.provide(
      planFile(file),
      operationsLayer(config, env, { carries: false })
    )
    yield* emit(plan, (terminal) => planLines(plan, terminal))
    if (options.out !== undefined) yield* keep(plan, options.out)
    if (!hasDifferences(plan) && plan.refusals.length === 0) {
      yield* hint("All is as the file wants it.")
      return ExitCode.done
    }
    return SOME_DIFFERENCES
  })

const keep = (plan: FilePlan, path: string): Effect.Effect<void, RequestInvalid> =>
  Effect.tryPromise({
    try: () => writeFile(path, `${JSON.stringify(plan, undefined, 2)}\n`),
    catch: (cause) =>
      new RequestInvalid({
        problems: [
          { key: "--out", expected: `a file that can be written (${path})`, found: whyNot(cause) }
        ]
      })
  })

/** `apply -f FILE`: brings about what the file wants, where nothing has changed since it was looked at. */
export const applyCommand = ({ env, options }: CommandInput<ApplyOptions>): CommandEffect =>
  Effect.gen(function* () {
    const config = yield* loadConfig(env, options)
    const file = yield* fileOf(options.file, config)
    const looked = options.plan === undefined ? undefined : yield* planAt(options.plan)
    return yield* Effect.provide(
      applied(file, looked, options.yes ?? false, requestedBy(config)),
      operationsLayer(config, env, { carries: true })
    )
  })

const planAt = (path: string): Effect.Effect<FilePlan, RequestInvalid> =>
  Effect.flatMap(requestedFile("--plan", path), (text) =>
    Effect.mapError(
      Schema.decodeUnknownEffect(Schema.fromJsonString(FilePlan))(text),
      () =>
        new RequestInvalid({
          problems: [
            {
              key: "--plan",
              expected: `a plan that \`campaignctl plan --out\` wrote (${path})`,
              found: "something else"
            }
          ]
        })
    )
  )

const applied = Effect.fnUntraced(function* (
  file: FleetFile,
  looked: FilePlan | undefined,
  yes: boolean,
  by: string
) {
  const now = yield* planFile(file)
  if (looked !== undefined && looked.digest !== now.digest) return yield* new PlanStale({ now })
  if (!hasDifferences(now) && now.refusals.length === 0) {
    yield* emit({ plan: now, operations: [] }, () => [])
    yield* hint("All is as the file wants it.")
    return ExitCode.done
  }
  const terminal = yield* Terminal
  if (terminal.format === "table") {
    const lines = planLines(now, terminal)
    terminal.err.write(`${lines.join("\n")}\n`)
  }
  const count = differencesOf(now)
  if (looked === undefined && !yes)
    yield* confirmMany({
      count,
      things: "differences",
      question: `Apply ${count} differences`,
      instead: "--yes or --plan to apply"
    })
  const { operations, plan } = yield* applyFile({
    file,
    digest: now.digest,
    requestedBy: by,
    source: "cli"
  })
  const ended: Array<Operation> = []
  for (const { id } of operations) ended.push(yield* follow(id))
  if (terminal.format !== "table") yield* emit({ plan, operations: ended }, () => [])
  else for (const operation of ended) yield* showEnd(operation)
  if (ended.length === 0) yield* hint("Applied.")
  return combinedExitCode([ExitCode.done, ...(yield* Effect.forEach(ended, exitCodeOfOperation))])
})

const differencesOf = ({ policies, schedules, states }: FilePlan): number =>
  states.length + policies.length + schedules.length
