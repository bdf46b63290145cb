import {
  type CampaignSupervision,
  Guard,
  type GuardCondition,
  type GuardStatus,
  guardStoreSql,
  layerGuard
} from "@campaignctl/operations"
import { Effect, Layer } from "effect"
import { durationText } from "../../arguments/duration.ts"
import { ledgerClientLayer } from "../../compose/layers.ts"
import { configWithoutCredentials } from "../../compose/loadConfig.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit } from "../../render/emit.ts"
import { onOneLine } from "../../render/onOneLine.ts"
import { stateStyle } from "../../render/stateStyle.ts"
import { table } from "../../render/table.ts"
import type { TerminalShape } from "../../terminal/Terminal.ts"

/** Every campaign: which are under care the service's own configuration says, and this one may be another. */
const EVERY_CAMPAIGN = {}

/** `guard status`: what is supervised, how it stands, and what the guard will do next. */
export const guardStatus = ({ env, options }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const { ledger, supervision } = yield* configWithoutCredentials(env, options)
    const status = yield* Effect.flatMap(Guard, (guard) => guard.status()).pipe(
      Effect.provide(
        layerGuard({ ...supervision, care: supervision.care ?? EVERY_CAMPAIGN }).pipe(
          Layer.provide(guardStoreSql),
          Layer.provide(ledgerClientLayer(ledger, env))
        )
      )
    )
    const { campaigns, lastLook } = status
    yield* emit({ lastLook, campaigns }, (terminal) => lines(status, terminal))
    return ExitCode.done
  })

const conditionText = (condition: GuardCondition): string =>
  condition.name === "window"
    ? `window ${condition.verdict}`
    : `agents ${condition.verdict}${condition.available === undefined ? "" : ` (${condition.available} of ${condition.minimum})`}`

const nextText = ({ next }: CampaignSupervision): string =>
  `${next.act === "none" ? "" : `${next.act}${next.at === null ? "" : ` at ${next.at}`}: `}${next.why}`

const lines = (
  { campaigns, lastLook }: GuardStatus,
  { out }: TerminalShape
): ReadonlyArray<string> => {
  if (lastLook === null)
    return [
      "No guard has looked yet. CAMPAIGNCTL_GUARD_CARE tells `campaignctl serve` what to supervise."
    ]
  const failed =
    lastLook.failure === null
      ? ""
      : ` ${out.paint("red", `It failed: ${onOneLine(lastLook.failure)}`)}`
  return [
    `Looked at ${lastLook.campaigns} campaigns at ${lastLook.startedAt}, in ${durationText(lastLook.tookMs)}; again at ${lastLook.nextAt}.${failed}`,
    ...table<CampaignSupervision>(
      [
        { title: "CAMPAIGN", text: ({ name }) => name },
        { title: "STATE", text: ({ state }) => state, style: ({ state }) => stateStyle[state] },
        { title: "CONDITIONS", text: ({ conditions }) => conditions.map(conditionText).join(", ") },
        { title: "ACTS", text: ({ acts, flapLimit }) => `${acts}/${flapLimit}` },
        {
          title: "DRIFT",
          text: ({ drift }) => (drift === null ? "" : `${drift.kind} elsewhere`),
          style: () => "yellow"
        },
        { title: "NEXT", text: nextText, gives: "words" }
      ],
      campaigns,
      out
    )
  ]
}
