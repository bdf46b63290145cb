import { Ids } from "@campaignctl/core"
import {
  FleetOrder,
  type FleetSpec,
  OperationId,
  Operations,
  type PlannedItem
} from "@campaignctl/operations"
import { Effect, Result, Schema, Stream } from "effect"
import { changeArguments, type ChangeOptions } from "../../arguments/changeArguments.ts"
import { Problems } from "../../arguments/Problems.ts"
import { confirmMany } from "../../change/confirmMany.ts"
import { loadConfig } from "../../compose/loadConfig.ts"
import { requestedBy } from "../../compose/requestedBy.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { stateStyle } from "../../render/stateStyle.ts"
import { table } from "../../render/table.ts"
import type { Terminal } from "../../terminal/Terminal.ts"
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

/** Campaigns changed at once: enough to hide the waits for Genesys at its usual five requests a second. */
const DEFAULT_CONCURRENCY = 8
const LARGEST_CONCURRENCY = 100
/** More campaigns than an organisation has. */
const LARGEST_MAX_FAILURES = 999_999_999

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
  const concurrency = problems.whole(
    "--concurrency",
    options.concurrency ?? String(DEFAULT_CONCURRENCY),
    { least: 1, most: LARGEST_CONCURRENCY }
  )
  const { maxFailures: limit } = options
  const maxFailures =
    limit === undefined
      ? null
      : (problems.whole("--max-failures", limit, { least: 0, most: LARGEST_MAX_FAILURES }) ?? null)
  const asked = yield* Effect.result(changeArguments([], options))
  if (Result.isFailure(asked))
    for (const { expected, found, key } of asked.failure.problems)
      problems.add(key, expected, found)
  yield* problems.check
  if (Result.isFailure(asked)) return yield* asked.failure
  const { change, waitMs } = asked.success
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
        { title: "WHY", text: whyNot, gives: "words" }
      ],
      items,
      out
    )
  )
  if (items.length === 0) yield* hint("No campaign matches.")
  return items.some(({ outcome }) => outcome === "rejected") ? ExitCode.rejected : ExitCode.done
})

/** Asks before many campaigns are changed, which only a plan can count. */
const confirm = Effect.fnUntraced(function* (
  spec: FleetSpec
): Effect.fn.Return<void, CommandError, Operations | Terminal> {
  const items = yield* planned(spec)
  const changes = items.filter(({ outcome }) => outcome === "allowed").length
  const refused = items.filter(({ outcome }) => outcome === "rejected").length
  const but = refused === 0 ? "" : ` (${refused} more would be refused as it stands)`
  yield* confirmMany({
    // What would be refused now may be allowed when its turn comes, as where a window opens meanwhile.
    count: changes + refused,
    things: "campaigns",
    question: `Bring ${changes} campaigns${but} to ${spec.change.target}`
  })
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
  return yield* exitCodeOfOperation(ended)
})
