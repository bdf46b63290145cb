import { type Operation, OperationId, Operations, OperationStatus } from "@campaignctl/operations"
import { Effect, Option, Schema } from "effect"
import { Problems } from "../../arguments/Problems.ts"
import { configWithoutCredentials, loadConfig } from "../../compose/loadConfig.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { table } from "../../render/table.ts"
import type { Terminal } from "../../terminal/Terminal.ts"
import { follow } from "../follow.ts"
import type { CommandError } from "../../process/CommandError.ts"
import {
  askedText,
  countsText,
  exitCodeOfOperation,
  showEnd,
  showOperation,
  statusStyle
} from "../showOperation.ts"
import { operationsLayer } from "../withOperations.ts"

export interface ListOptions {
  readonly status?: ReadonlyArray<string>
  readonly limit?: string
}

/** Operations that are listed unless it is said. */
const DEFAULT_LIMIT = 20
const LARGEST_LIMIT = 1_000

/** Runs on the tables of operations alone: this process carries nothing on. */
const looking = (
  { env, options }: Pick<CommandInput, "env" | "options">,
  use: Effect.Effect<ExitCode, CommandError, Operations | Terminal>
): CommandEffect =>
  Effect.flatMap(configWithoutCredentials(env, options), (config) =>
    Effect.provide(use, operationsLayer(config, env, { carries: false }))
  )

const idOf = Effect.fnUntraced(function* ([text = ""]: ReadonlyArray<string>) {
  const problems = new Problems()
  const id = problems.parsed("id", "an operation's id, which is a UUID", text, (given) =>
    Option.getOrUndefined(Schema.decodeUnknownOption(OperationId)(given.trim().toLowerCase()))
  )
  yield* problems.check
  return id ?? (yield* Effect.die(new Error("a problem was not reported")))
})

export const operationsList = ({ env, options }: CommandInput<ListOptions>): CommandEffect =>
  Effect.gen(function* () {
    const problems = new Problems()
    const statuses = (options.status ?? []).flatMap(
      (word) => problems.choice("--status", OperationStatus.literals, word) ?? []
    )
    const limit = problems.whole("--limit", options.limit ?? String(DEFAULT_LIMIT), {
      least: 1,
      most: LARGEST_LIMIT
    })
    yield* problems.check
    return yield* looking({ env, options }, listed(statuses, limit ?? DEFAULT_LIMIT))
  })

const listed = Effect.fnUntraced(function* (
  statuses: ReadonlyArray<OperationStatus>,
  limit: number
): Effect.fn.Return<ExitCode, CommandError, Operations | Terminal> {
  const { list } = yield* Operations
  const found = yield* list({ limit, ...(statuses.length === 0 ? {} : { statuses }) })
  yield* emit(found, ({ out }) =>
    table<Operation>(
      [
        { title: "ID", text: ({ id }) => id },
        { title: "SUBMITTED", text: ({ submittedAt }) => submittedAt },
        { title: "BY", text: ({ requestedBy }) => requestedBy },
        { title: "STATUS", text: ({ status }) => status, style: statusStyle },
        { title: "CAMPAIGNS", text: ({ counts }) => countsText(counts) },
        { title: "ASKED", text: askedText, gives: "end" }
      ],
      found,
      out
    )
  )
  if (found.length === 0) yield* hint("There is no operation.")
  return ExitCode.done
})

export const operationsShow = ({ args, env, options }: CommandInput): CommandEffect =>
  Effect.flatMap(idOf(args), (id) =>
    looking(
      { env, options },
      Effect.gen(function* () {
        const { get } = yield* Operations
        yield* showOperation(yield* get(id))
        return ExitCode.done
      })
    )
  )

/** `operations watch`: follows it to its end, and carries it on where no other process does. */
export const operationsWatch = ({ args, env, options }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const id = yield* idOf(args)
    const config = yield* loadConfig(env, options)
    return yield* Effect.provide(
      Effect.gen(function* () {
        const ended = yield* follow(id)
        yield* showEnd(ended)
        return yield* exitCodeOfOperation(ended)
      }),
      operationsLayer(config, env, { carries: true })
    )
  })

const steering =
  (what: "pause" | "resume" | "cancel") =>
  ({ args, env, options }: CommandInput): CommandEffect =>
    Effect.flatMap(idOf(args), (id) =>
      looking(
        { env, options },
        Effect.gen(function* () {
          const operations = yield* Operations
          yield* showOperation(yield* operations[what](id))
          return ExitCode.done
        })
      )
    )

export const operationsPause = steering("pause")
export const operationsResume = steering("resume")
export const operationsCancel = steering("cancel")
