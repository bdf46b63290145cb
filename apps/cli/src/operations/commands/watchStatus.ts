import { type Beat, WatchStore, watchStoreSql } from "@campaignctl/operations"
import { Clock, Effect, Layer } from "effect"
import { durationText } from "../../arguments/duration.ts"
import { ledgerClientLayer } from "../../compose/layers.ts"
import { configWithoutCredentials } from "../../compose/loadConfig.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit } from "../../render/emit.ts"
import type { TerminalShape } from "../../terminal/Terminal.ts"

/** A watch that gave no sign of life for so long, in milliseconds, does not run: it gives one every two seconds. As `/v1/watch` has it. */
const SILENT_MS = 10_000

const instant = (at: number): string => new Date(at).toISOString()

/** The same members as `/v1/watch` has. */
const documentOf = (beat: Beat | null, now: number) => ({
  watches: beat !== null && now - beat.at < SILENT_MS,
  seenAt: beat === null ? null : instant(beat.at),
  eventsAvailable: beat?.available ?? false,
  campaigns: beat?.campaigns ?? null,
  covered: beat?.covered ?? null,
  listedAt: beat === null || beat.listedAt === null ? null : instant(beat.listedAt)
})

const WHO = "`campaignctl serve` does, unless CAMPAIGNCTL_WATCH is off."

const lines = (beat: Beat | null, now: number, { out }: TerminalShape): ReadonlyArray<string> => {
  if (beat === null) return [`Nothing has watched yet. ${WHO}`]
  const { at, available, campaigns, covered, listedAt } = beat
  return [
    now - at < SILENT_MS
      ? out.paint("green", `It watches; its last sign of life came at ${instant(at)}.`)
      : out.paint("red", `Nothing watches now, since ${durationText(now - at)}. ${WHO}`),
    listedAt === null
      ? "It has not listed the campaigns yet."
      : `${campaigns} campaigns, listed at ${instant(listedAt)}.`,
    available
      ? `Genesys tells of changes of ${covered} of them at once; what it does not tell is seen when they are listed again.`
      : "The contract has no notifications: changes are seen when the campaigns are listed again."
  ]
}

/** `watch status`: whether a process watches for changes made elsewhere, and what it hears of. */
export const watchStatus = ({ env, options }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const { ledger } = yield* configWithoutCredentials(env, options)
    const beat = yield* Effect.flatMap(WatchStore, (store) => store.beat).pipe(
      Effect.provide(watchStoreSql.pipe(Layer.provide(ledgerClientLayer(ledger, env))))
    )
    const now = yield* Clock.currentTimeMillis
    yield* emit(documentOf(beat, now), (terminal) => lines(beat, now, terminal))
    return ExitCode.done
  })
