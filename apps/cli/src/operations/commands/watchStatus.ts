import { type Beat, WatchStore, watchStoreSql } from "@campaignctl/operations"
import { Clock, Effect, Layer } from "effect"
import { durationText } from "../../arguments/duration.ts"
import { ledgerClientLayer } from "../../compose/layers.ts"
import { configWithoutCredentials } from "../../compose/loadConfig.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit } from "../../render/emit.ts"

/** A watch that gave no sign of life for so long, in milliseconds, is taken for gone: five signs that it gives every two seconds, late ones included. */
const SILENT_MS = 10_000

/** The newest sign of life, with instants as ISO 8601. */
interface WatchStatus {
  readonly alive: boolean
  readonly lastSign: string
  readonly lastList: string | null
  readonly campaigns: number
  /** Campaigns of which changes are heard. */
  readonly covered: number
  /** Whether the contract has notifications at all. */
  readonly notifications: boolean
}

const isoOf = (at: number): string => new Date(at).toISOString()

const statusOf = ({ at, available, campaigns, covered, listedAt }: Beat, now: number) =>
  ({
    alive: now - at < SILENT_MS,
    lastSign: isoOf(at),
    lastList: listedAt === null ? null : isoOf(listedAt),
    campaigns,
    covered,
    notifications: available
  }) satisfies WatchStatus

/** `watch status`: whether a process watches for changes made elsewhere, and what it hears of. */
export const watchStatus = ({ env, options }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const { ledger } = yield* configWithoutCredentials(env, options)
    const beat = yield* Effect.flatMap(WatchStore, (store) => store.beat).pipe(
      Effect.provide(watchStoreSql.pipe(Layer.provide(ledgerClientLayer(ledger, env))))
    )
    const now = yield* Clock.currentTimeMillis
    const status = beat === null ? null : statusOf(beat, now)
    yield* emit(status ?? { alive: false }, ({ out }) =>
      status === null
        ? ["Nothing has watched yet. `campaignctl serve` does, unless CAMPAIGNCTL_WATCH is off."]
        : [
            status.alive
              ? out.paint("green", `It watches; last sign of life at ${status.lastSign}.`)
              : out.paint(
                  "red",
                  `Nothing watches now; last sign of life ${durationText(now - Date.parse(status.lastSign))} ago. \`campaignctl serve\` does, unless CAMPAIGNCTL_WATCH is off.`
                ),
            status.lastList === null
              ? "It has not listed the campaigns yet."
              : `${status.campaigns} campaigns, listed at ${status.lastList}.`,
            status.notifications
              ? `Genesys tells of changes of ${status.covered} of them; the others are seen when they are listed, each minute.`
              : "The contract has no notifications: changes are seen when the campaigns are listed, each minute."
          ]
    )
    return ExitCode.done
  })
