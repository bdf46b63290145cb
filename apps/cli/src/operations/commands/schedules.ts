import type { AuditUnavailable, Config, Environment } from "@campaignctl/core"
import { idsLive, layerLedgerOnClient } from "@campaignctl/ledger-sql"
import {
  type Firing,
  layerSchedules,
  type OperationsUnavailable,
  Schedules,
  type ScheduleView
} from "@campaignctl/operations"
import { Effect, Layer } from "effect"
import { changeArguments, type ChangeOptions } from "../../arguments/changeArguments.ts"
import { DURATION_FORMS, parseDuration } from "../../arguments/duration.ts"
import { Problems } from "../../arguments/Problems.ts"
import { ledgerClientLayer, settingsLayer } from "../../compose/layers.ts"
import { configWithoutCredentials } from "../../compose/loadConfig.ts"
import { requestedBy } from "../../compose/requestedBy.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint, warn } from "../../render/emit.ts"
import { onOneLine } from "../../render/onOneLine.ts"
import { table } from "../../render/table.ts"
import type { Terminal } from "../../terminal/Terminal.ts"
import type { CommandError } from "../../process/CommandError.ts"
import { selectorOf, selectorText } from "../selectorOf.ts"

export interface ScheduleAddOptions extends ChangeOptions {
  readonly name?: string
  readonly selector?: ReadonlyArray<string>
  readonly cron?: string
  readonly zone?: string
  readonly at?: ReadonlyArray<string>
  readonly except?: ReadonlyArray<string>
  readonly extra?: ReadonlyArray<string>
  readonly holiday?: ReadonlyArray<string>
  readonly grace?: string
}
export interface ScheduleNextOptions {
  readonly limit?: string
}

const DEFAULT_NEXT = 10
const LARGEST_NEXT = 1_000

const schedulesLayer = (
  config: Config,
  env: Environment
): Layer.Layer<Schedules, AuditUnavailable | OperationsUnavailable> =>
  layerSchedules({ holidayLists: config.holidayLists }).pipe(
    Layer.provide(layerLedgerOnClient(config.ledger)),
    Layer.provide(Layer.merge(ledgerClientLayer(config.ledger, env), idsLive)),
    Layer.merge(settingsLayer(config))
  )

const onSchedules = (
  { env, options }: Pick<CommandInput, "env" | "options">,
  use: (config: Config) => Effect.Effect<ExitCode, CommandError, Schedules | Terminal>
): CommandEffect =>
  Effect.flatMap(configWithoutCredentials(env, options), (config) =>
    Effect.provide(use(config), schedulesLayer(config, env))
  )

/** `schedule add`: what is done to which campaigns at what times. */
export const scheduleAdd = ({ env, options }: CommandInput<ScheduleAddOptions>): CommandEffect =>
  Effect.gen(function* () {
    const draft = yield* draftOf(options)
    return yield* onSchedules({ env, options }, (config) =>
      Effect.gen(function* () {
        const { add } = yield* Schedules
        const { view, warnings } = yield* add({
          draft,
          requestedBy: requestedBy(config),
          source: "cli"
        })
        yield* emit(view, () => [
          `“${view.schedule.name}” is kept (${view.schedule.id}).`,
          view.nextAt === null ? "It does not fire again." : `It fires next at ${view.nextAt}.`
        ])
        for (const { detail } of warnings) yield* warn(onOneLine(detail))
        return ExitCode.done
      })
    )
  })

const draftOf = Effect.fnUntraced(function* (options: ScheduleAddOptions) {
  const problems = new Problems()
  const selector = selectorOf(options.selector ?? [], problems)
  const { at, cron, grace, name, zone } = options
  if (name === undefined || name.trim() === "")
    problems.add("--name", "a name by which it is found again", "nothing")
  if ((cron === undefined) === (at === undefined))
    problems.add(
      "--cron",
      "a cron line with --zone, or instants with --at",
      cron === undefined ? "neither" : "both"
    )
  if (cron !== undefined && zone === undefined)
    problems.add("--zone", "an IANA zone such as Europe/Berlin", "nothing")
  const startGraceMs =
    grace === undefined
      ? undefined
      : problems.parsed("--grace", DURATION_FORMS, grace, parseDuration)
  yield* problems.check
  const { change } = yield* changeArguments([], options)
  return {
    name: name?.trim(),
    selector,
    change,
    when:
      cron === undefined
        ? { at }
        : {
            cron,
            zone,
            ...(options.except === undefined ? {} : { except: options.except }),
            ...(options.extra === undefined ? {} : { extra: options.extra }),
            ...(options.holiday === undefined ? {} : { holidays: options.holiday })
          },
    ...(startGraceMs === undefined ? {} : { startGraceMs })
  }
})

const whenText = ({ schedule: { when } }: ScheduleView): string =>
  "cron" in when ? `${when.cron} ${when.zone}` : when.at.join(", ")

const lastText = (last: Firing | null): string =>
  last === null ? "" : `${last.dueAt} ${last.result}`

/** `schedule list`: every schedule with its next firing and what became of the last. */
export const scheduleList = ({ env, options }: CommandInput): CommandEffect =>
  onSchedules({ env, options }, () =>
    Effect.gen(function* () {
      const { list } = yield* Schedules
      const found = yield* list({})
      yield* emit(found, ({ out }) =>
        table<ScheduleView>(
          [
            { title: "NAME", text: ({ schedule }) => schedule.name },
            { title: "TO", text: ({ schedule }) => schedule.change.target },
            { title: "WHEN", text: whenText },
            { title: "NEXT", text: ({ nextAt }) => nextAt ?? "never" },
            { title: "LAST", text: ({ lastFiring }) => lastText(lastFiring) },
            {
              title: "KEPT BY",
              text: ({ managedBy, schedule }) => managedBy ?? schedule.createdBy
            },
            {
              title: "CAMPAIGNS",
              text: ({ schedule }) => selectorText(schedule.selector),
              gives: "end"
            }
          ],
          found,
          out
        )
      )
      for (const { problem, schedule } of found)
        if (problem !== null) yield* warn(`“${onOneLine(schedule.name)}”: ${onOneLine(problem)}`)
      if (found.length === 0) yield* hint("There is no schedule.")
      return ExitCode.done
    })
  )

const nameOf = Effect.fnUntraced(function* ([name = ""]: ReadonlyArray<string>) {
  const problems = new Problems()
  if (name.trim() === "") problems.add("schedule", "a schedule's name or id", "nothing")
  yield* problems.check
  return name.trim()
})

/** `schedule remove`: what is to come does not; what has begun goes on. */
export const scheduleRemove = ({ args, env, options }: CommandInput): CommandEffect =>
  Effect.flatMap(nameOf(args), (name) =>
    onSchedules({ env, options }, (config) =>
      Effect.gen(function* () {
        const { remove } = yield* Schedules
        const view = yield* remove(name, { requestedBy: requestedBy(config), source: "cli" })
        yield* emit(view, () => [
          `“${onOneLine(view.schedule.name)}” is removed. What it has begun goes on.`
        ])
        return ExitCode.done
      })
    )
  )

/** `schedule next`: the instants at which it fires next. */
export const scheduleNext = ({
  args,
  env,
  options
}: CommandInput<ScheduleNextOptions>): CommandEffect =>
  Effect.gen(function* () {
    const name = yield* nameOf(args)
    const problems = new Problems()
    const limit = problems.whole("--limit", options.limit ?? String(DEFAULT_NEXT), {
      least: 1,
      most: LARGEST_NEXT
    })
    yield* problems.check
    return yield* onSchedules({ env, options }, () =>
      Effect.gen(function* () {
        const { next } = yield* Schedules
        const instants = yield* next(name, limit ?? DEFAULT_NEXT)
        yield* emit(instants, () => instants)
        if (instants.length === 0) yield* hint("It does not fire again.")
        return ExitCode.done
      })
    )
  })
