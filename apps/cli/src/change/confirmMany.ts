import type { CampaignId, RequestInvalid } from "@campaignctl/core"
import { Effect } from "effect"
import { refuse } from "../arguments/Problems.ts"
import { Terminal } from "../terminal/Terminal.ts"

/** Campaigns that may be changed at once without being asked. More are as easily a slip as a wish. */
const UNASKED_CAMPAIGNS = 10

/** Asks before many campaigns are changed. Refuses where nobody can be asked and `--yes` was not given. */
export const confirmMany = Effect.fnUntraced(function* (
  ids: ReadonlyArray<CampaignId>,
  what: string,
  yes: boolean
): Effect.fn.Return<void, RequestInvalid, Terminal> {
  if (yes || ids.length <= UNASKED_CAMPAIGNS) return
  const { ask } = yield* Terminal
  const expected = `--yes to change more than ${UNASKED_CAMPAIGNS} campaigns at once`
  if (ask === undefined)
    return yield* refuse("--yes", expected, `${ids.length} campaigns and nobody to ask`)
  const answer = yield* Effect.promise(() => ask(`${what} ${ids.length} campaigns? [y/N] `))
  if (!/^y(es)?$/i.test(answer.trim())) return yield* refuse("--yes", expected, "“no”")
})
