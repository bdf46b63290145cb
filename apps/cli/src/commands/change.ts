import type { CampaignId } from "@campaignctl/core"
import { Effect } from "effect"
import { changeArguments, type ChangeOptions } from "../arguments/changeArguments.ts"
import { confirmMany } from "../change/confirmMany.ts"
import { Outcomes, runChange } from "../change/runChange.ts"
import { settleFirst } from "../change/settleFirst.ts"
import { showOutcomes } from "../change/showOutcomes.ts"
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
    if (!dryRun)
      yield* confirmMany(asked.ids, `Bring to ${asked.change.target}:`, options.yes ?? false)
    const run = { ...asked, dryRun, requestedBy: requestedBy(config) }
    const outcomes = new Outcomes()
    const show = Effect.suspend(() => {
      const found = outcomes.inOrder(asked.ids)
      return found.length === 0 ? Effect.void : showOutcomes(found, asked.ids.length > 1)
    })
    yield* Effect.andThen(dryRun ? Effect.void : settleFirst, runChange(run, outcomes)).pipe(
      // What was done before Ctrl-C is told as well.
      Effect.onInterrupt(() => Effect.andThen(show, tellUnfinished(asked.ids, outcomes))),
      Effect.provide(appLayer(config, env))
    )
    yield* show
    return combinedExitCode(outcomes.inOrder(asked.ids).map(({ exitCode }) => exitCode))
  })

/** Says where it is written what became of the campaigns that Ctrl-C came too early for. */
const tellUnfinished = (
  ids: ReadonlyArray<CampaignId>,
  outcomes: Outcomes
): Effect.Effect<void, never, Terminal> => {
  const unfinished = ids.length - outcomes.inOrder(ids).length
  return unfinished === 0
    ? Effect.void
    : warn(
        `${unfinished} of ${ids.length} campaign${ids.length === 1 ? " was" : "s were"} not finished; \`campaignctl audit list\` says what was recorded.`
      )
}
