import { explain } from "@campaignctl/core"
import { Effect } from "effect"
import { changeArguments, type ChangeOptions } from "../arguments/changeArguments.ts"
import { readingLayer } from "../compose/readingLayer.ts"
import { loadConfig } from "../compose/loadConfig.ts"
import { outcomeOfExplanation } from "../change/Outcome.ts"
import { errorLines } from "../errors/errorLines.ts"
import { combinedExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import { verdictLines } from "../render/verdictLines.ts"
import { Terminal } from "../terminal/Terminal.ts"

/** `explain`: the decision that a change would take now, and every guard's verdict. Writes nothing. */
export const command = ({ args, env, options }: CommandInput<ChangeOptions>): CommandEffect =>
  Effect.gen(function* () {
    const { change, ids } = yield* changeArguments(args, options, { reasonNeeded: false })
    const config = yield* loadConfig(env, options)
    const explanations = yield* Effect.forEach(ids, (campaignId) =>
      explain({ ...change, campaignId })
    ).pipe(Effect.provide(readingLayer(config, env)))
    const [explanation] = explanations
    if (explanation === undefined) return combinedExitCode([])
    const { campaign, decision, state } = explanation
    const outcome = outcomeOfExplanation(explanation, change)
    const { name, outcome: word } = outcome.document
    yield* emit(
      {
        campaignId: campaign.id,
        name,
        state,
        to: change.target,
        outcome: decision.outcome,
        verdicts: decision.verdicts
      },
      ({ out }) => [
        `“${onOneLine(campaign.name)}” is ${state}. To become ${change.target}: ${ANSWERS[word] ?? word}`,
        ...verdictLines(decision.verdicts, out)
      ]
    )
    const { err, format } = yield* Terminal
    if (outcome.error !== undefined && format !== "table")
      err.write(`${errorLines(outcome.error, err).join("\n")}\n`)
    return outcome.exitCode
  })

const ANSWERS: Readonly<Record<string, string>> = {
  "would-apply": "allowed now.",
  "already-there": "it is there already.",
  rejected: "not allowed now."
}
