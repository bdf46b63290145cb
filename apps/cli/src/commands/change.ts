import { type CampaignId, OutcomeUnknown } from "@campaignctl/core"
import { Effect } from "effect"
import { changeArguments, type ChangeOptions } from "../arguments/changeArguments.ts"
import { confirmMany } from "../change/confirmMany.ts"
import { type Outcome, outcomeOfError } from "../change/Outcome.ts"
import { type ChangeRun, Outcomes, runChange } from "../change/runChange.ts"
import { settleFirst } from "../change/settleFirst.ts"
import { showOutcomes } from "../change/showOutcomes.ts"
import { takeOverJournal } from "../change/takeOverJournal.ts"
import { appLayer } from "../compose/layers.ts"
import { loadConfig } from "../compose/loadConfig.ts"
import { requestedBy } from "../compose/requestedBy.ts"
import { combinedExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { warn } from "../render/emit.ts"
import type { Terminal } from "../terminal/Terminal.ts"

export interface ChangeCommandOptions extends ChangeOptions {
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** `pause`, `resume`, `complete`, `archive` and `transition`: they differ in the target alone. */
export const command = ({
  args,
  env,
  options
}: CommandInput<ChangeCommandOptions>): CommandEffect =>
  Effect.gen(function* () {
    const asked = yield* changeArguments(args, options)
    const config = yield* loadConfig(env, options)
    const dryRun = options.dryRun ?? false
    const count = asked.ids.length
    if (!dryRun && options.yes !== true)
      yield* confirmMany({
        count,
        things: "campaigns",
        question: `Bring ${count} campaigns to ${asked.change.target}`
      })
    const run = { ...asked, dryRun, requestedBy: requestedBy(config) }
    const outcomes = new Outcomes()
    const show = Effect.suspend(() =>
      showOutcomes(outcomes.inOrder(asked.ids), asked.ids.length > 1)
    )
    const first = Effect.andThen(
      takeOverJournal(config.ledger, env),
      settleFirst(asked.change.target)
    )
    yield* Effect.andThen(dryRun ? Effect.void : first, runChange(run, outcomes)).pipe(
      Effect.provide(appLayer(config, env)),
      // What was done before Ctrl-C is told as well, even where it came while the ledger was opened.
      Effect.onInterrupt(() => Effect.andThen(tellUnfinished(run, outcomes), show))
    )
    yield* show
    return combinedExitCode(outcomes.inOrder(asked.ids).map(({ exitCode }) => exitCode))
  })

/** Says where it is written what became of the campaigns that Ctrl-C came too early for. */
const tellUnfinished = Effect.fnUntraced(function* (
  { change, dryRun, ids }: ChangeRun,
  outcomes: Outcomes
): Effect.fn.Return<void, never, Terminal> {
  const unfinished = ids.filter((id) => !outcomes.has(id))
  if (unfinished.length === 0) return
  for (const id of unfinished) outcomes.set(id, cutShort(id, change, dryRun))
  yield* warn(
    `${unfinished.length} of ${ids.length} campaign${ids.length === 1 ? " was" : "s were"} not finished; \`campaignctl audit list\` says what was recorded.`
  )
})

const cutShort = (
  campaignId: CampaignId,
  change: ChangeRun["change"],
  dryRun: boolean
): Outcome => {
  const error = new OutcomeUnknown({
    campaignId,
    target: change.target,
    detail: "the command was ended before it was done."
  })
  // In the document alone: on stderr one sentence speaks of all that were not finished.
  const { document, exitCode } = outcomeOfError(campaignId, change, error, dryRun)
  return { document, exitCode }
}
