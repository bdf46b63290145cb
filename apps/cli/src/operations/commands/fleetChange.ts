import { Ids } from "@campaignctl/core"
import {
  FleetOrder,
  type FleetSpec,
  OperationId,
  Operations,
  type PlannedItem
} from "@campaignctl/operations"
import { Effect, Schema, Stream } from "effect"
import { changeArguments, type ChangeOptions } from "../../arguments/changeArguments.ts"
import { Problems, refuse } from "../../arguments/Problems.ts"
import { loadConfig } from "../../compose/loadConfig.ts"
import { requestedBy } from "../../compose/requestedBy.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { stateStyle } from "../../render/stateStyle.ts"
import { table } from "../../render/table.ts"
import { Terminal } from "../../terminal/Terminal.ts"
import { follow } from "../follow.ts"
import type { CommandError } from "../../process/CommandError.ts"
import { selectorOf } from "../selectorOf.ts"
import { exitCodeOfOperation, showEnd, showOperation } from "../showOperation.ts"
import { operationsLayer } from "../withOperations.ts"

export interface FleetOptions extends ChangeOptions {
  readonly selector?: ReadonlyArray<string>
  readonly order?: string
  readonly concurrency?: string
  readonly maxFailures?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly detach?: boolean
}

/** Campaigns that are changed without a question. More are as easily a slip as a wish. */
const UNASKED_CAMPAIGNS = 10
/** Campaigns changed at once: enough to hide the waits for Genesys at its usual five requests a second. */
const DEFAULT_CONCURRENCY = 8
const LARGEST_CONCURRENCY = 100

const whole = (text: string, least: number, most: number): number | undefined =>
  /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined

/** `fleet pause|resume|complete|archive`: one change of many campaigns. */
export const fleetChange = ({ env, options }: CommandInput<FleetOptions>): CommandEffect =>
  Effect.gen(function* () {
    const spec = yield* specOf(options)
    const config = yield* loadConfig(env, options)
    const dryRun = options.dryRun ?? false
    const work = dryRun ? showPlan(spec) : submitted(spec, options, requestedBy(config))
    return yield* Effect.provide(
      work,
      operationsLayer(config, env, { carries: !dryRun && options.detach !== true })
    )
  })

const specOf = Effect.fnUntraced(function* (options: FleetOptions) {
  const problems = new Problems()
  const selector = selectorOf(options.selector ?? [], problems)
  const order =
    options.order === undefined
      ? "listed"
      : problems.choice("--order", FleetOrder.literals, options.order)
  const concurrency = problems.parsed(
    "--concurrency",
    `a number from 1 to ${LARGEST_CONCURRENCY}`,
    options.concurrency ?? String(DEFAULT_CONCURRENCY),
    (text) => whole(text, 1, LARGEST_CONCURRENCY)
  )
  const { maxFailures: limit } = options
  const maxFailures =
    limit === undefined
      ? null
      : (problems.parsed("--max-failures", "a number, 0 or more", limit, (text) =>
          whole(text, 0, Number.MAX_SAFE_INTEGER)
        ) ?? null)
  yield* problems.check
  const { change, waitMs } = yield* changeArguments([], options)
  const { pauseReason, note, drain, restart, overrides, target } = change
  if (selector === undefined || order === undefined || concurrency === undefined)
    return yield* Effect.die(new Error("a problem was not reported"))
  return {
    _tag: "Fleet",
    selector,
    change: {
      target,
      ...(pauseReason === undefined ? {} : { pauseReason }),
      ...(note === undefined ? {} : { note }),
      ...(drain === undefined ? {} : { drain }),
      ...(restart === undefined ? {} : { restart }),
      ...(overrides === undefined ? {} : { overrides })
    },
    order,
    concurrency,
    maxFailures,
    ...(waitMs === undefined ? {} : { drainDeadlineMs: waitMs })
  } satisfies FleetSpec
})

const planned = Effect.fnUntraced(function* (spec: FleetSpec) {
  const { plan } = yield* Operations
  return (yield* Stream.runCollect(plan(spec))).flat()
})

const whyNot = ({ verdicts }: PlannedItem): string =>
  verdicts
    .filter(({ status }) => status === "failed" || status === "unknown")
    .map(({ detail, guard }) => `${guard}: ${detail}`)
    .join(" ")

const OUTCOMES: Readonly<Record<PlannedItem["outcome"], string>> = {
  allowed: "would be changed",
  "already-there": "there already",
  rejected: "would be refused"
}

/** Every selected campaign with what would come of it. Nothing is written anywhere. */
const showPlan = Effect.fnUntraced(function* (
  spec: FleetSpec
): Effect.fn.Return<ExitCode, CommandError, Operations | Terminal> {
  const items = yield* planned(spec)
  yield* emit(items, ({ out }) =>
    table(
      [
        { title: "CAMPAIGN", text: ({ name }) => name },
        { title: "ID", text: ({ campaignId }) => campaignId },
        { title: "STATE", text: ({ state }) => state, style: ({ state }) => stateStyle[state] },
        {
          title: `TO ${spec.change.target.toUpperCase()}`,
          text: ({ outcome }) => OUTCOMES[outcome],
          style: ({ outcome }) => (outcome === "rejected" ? "red" : undefined)
        },
        { title: "WHY", text: whyNot, gives: true }
      ],
      items,
      out
    )
  )
  if (items.length === 0) yield* hint("No campaign matches.")
  return items.some(({ outcome }) => outcome === "rejected") ? ExitCode.rejected : ExitCode.done
})

/** Asks before many campaigns are changed; there is nothing to ask where nobody is there. */
const confirm = Effect.fnUntraced(function* (
  spec: FleetSpec
): Effect.fn.Return<void, CommandError, Operations | Terminal> {
  const items = yield* planned(spec)
  const changes = items.filter(({ outcome }) => outcome === "allowed").length
  const refused = items.filter(({ outcome }) => outcome === "rejected").length
  if (changes <= UNASKED_CAMPAIGNS) return
  const expected = `--yes to change more than ${UNASKED_CAMPAIGNS} campaigns at once`
  const { ask } = yield* Terminal
  if (ask === undefined)
    return yield* refuse("--yes", expected, `${changes} campaigns and nobody to ask`)
  const but = refused === 0 ? "" : ` (${refused} more would be refused)`
  const question = `Bring ${changes} campaigns${but} to ${spec.change.target}? [y/N] `
  const answer = yield* Effect.promise(() => ask(question))
  if (!/^y(es)?$/i.test(answer.trim())) return yield* refuse("--yes", expected, "“no”")
})

const submitted = Effect.fnUntraced(function* (
  spec: FleetSpec,
  options: FleetOptions,
  by: string
): Effect.fn.Return<ExitCode, CommandError, Operations | Ids | Terminal> {
  if (options.yes !== true) yield* confirm(spec)
  const operations = yield* Operations
  const ids = yield* Ids
  // What the port makes is a UUID.
  const id = Schema.decodeUnknownSync(OperationId)(yield* ids.next)
  const operation = yield* operations.submit({ id, spec, requestedBy: by, source: "cli" })
  if (options.detach === true) {
    yield* showOperation(operation)
    return ExitCode.done
  }
  const ended = yield* follow(id)
  yield* showEnd(ended)
  return exitCodeOfOperation(ended)
})
