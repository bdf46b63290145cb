import type { RequestInvalid } from "@campaignctl/core"
import { Effect } from "effect"
import { refuse } from "../arguments/Problems.ts"
import { Terminal } from "../terminal/Terminal.ts"

/** What a person is asked before something is done. */
export interface Question {
  /** Without its mark. */
  readonly question: string
  /** The option that stands for the answer, and for what. */
  readonly expected: string
  /** What is at hand instead, where nobody can be asked. */
  readonly found?: string
}

/** Asks. Refuses where nobody can be asked, or where the answer is not yes. */
export const confirmed = Effect.fnUntraced(function* ({
  expected,
  found = "nobody to ask",
  question
}: Question): Effect.fn.Return<void, RequestInvalid, Terminal> {
  const { ask } = yield* Terminal
  if (ask === undefined) return yield* refuse("--yes", expected, found)
  const answer = yield* Effect.promise(() => ask(`${question}? [y/N] `))
  if (!/^y(es)?$/i.test(answer.trim())) return yield* refuse("--yes", expected, "“no”")
})
