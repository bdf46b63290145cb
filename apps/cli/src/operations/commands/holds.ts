import type { AuditLog, AuditUnavailable, Config, Environment } from "@campaignctl/core"
import {
  HoldStore,
  haltServices,
  liftHold,
  type OperationsUnavailable,
  settleHolds
} from "@campaignctl/operations"
import { idsLive } from "@campaignctl/ledger-sql"
import { Effect, Layer } from "effect"
import { Problems } from "../../arguments/Problems.ts"
import { ledgerLayer } from "../../compose/layers.ts"
import { configWithoutCredentials } from "../../compose/loadConfig.ts"
import { requestedBy } from "../../compose/requestedBy.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { table } from "../../render/table.ts"
import type { Terminal } from "../../terminal/Terminal.ts"
import type { CommandError } from "../../process/CommandError.ts"
import { selectorText } from "../selectorOf.ts"

export interface LiftOptions {
  readonly note?: string
}
export interface HaltListOptions {
  readonly all?: boolean
}

const holdsLayer = (
  { ledger }: Config,
  env: Environment
): Layer.Layer<AuditLog | HoldStore, AuditUnavailable | OperationsUnavailable> =>
  haltServices.pipe(Layer.provideMerge(ledgerLayer(ledger, env)), Layer.provide(idsLive))

/** `halt list`: what holds now, or with `--all` what ever held. */
export const haltList = ({ env, options }: CommandInput<HaltListOptions>): CommandEffect =>
  Effect.gen(function* () {
    const config = yield* configWithoutCredentials(env, options)
    return yield* Effect.provide(listed(options.all ?? false), holdsLayer(config, env))
  })

const listed = Effect.fnUntraced(function* (
  all: boolean
): Effect.fn.Return<ExitCode, CommandError, AuditLog | HoldStore | Terminal> {
  yield* settleHolds
  const { list } = yield* HoldStore
  const holds = yield* list(all ? {} : { active: true })
  yield* emit(holds, ({ out }) =>
    table(
      [
        { title: "NAME", text: ({ name }) => name },
        { title: "RAISED", text: ({ raisedAt }) => raisedAt },
        { title: "BY", text: ({ raisedBy }) => raisedBy },
        {
          title: "LIFTED",
          text: ({ liftedAt, liftedBy }) =>
            liftedAt === null ? "holds" : `${liftedAt} by ${liftedBy ?? "?"}`,
          style: ({ liftedAt }) => (liftedAt === null ? "red" : undefined)
        },
        { title: "HOLDS", text: ({ scope }) => selectorText(scope), gives: "end" }
      ],
      holds,
      out
    )
  )
  if (holds.length === 0) yield* hint("Nothing is held.")
  return ExitCode.done
})

/** `halt lift NAME`: starts are allowed again; nothing is started by it. */
export const haltLift = ({ args, env, options }: CommandInput<LiftOptions>): CommandEffect =>
  Effect.gen(function* () {
    const [name = ""] = args
    const problems = new Problems()
    if (name.trim() === "") problems.add("name", "the name of a halt", "nothing")
    yield* problems.check
    const config = yield* configWithoutCredentials(env, options)
    const lifted = yield* Effect.provide(
      liftHold({
        name: name.trim(),
        liftedBy: requestedBy(config),
        source: "cli",
        ...(options.note === undefined ? {} : { note: options.note })
      }),
      holdsLayer(config, env)
    )
    yield* emit(lifted, () =>
      lifted.map(
        (hold) =>
          `“${hold.name}” is lifted (audit entry ${hold.liftedSequence ?? "?"}). Nothing was started by it.`
      )
    )
    return ExitCode.done
  })
