import type { RequestInvalid } from "@campaignctl/core"
import { Effect } from "effect"
import type { Terminal } from "../terminal/Terminal.ts"
import { confirmed } from "./confirmed.ts"

/** Changes that are made at once without a question. More are as easily a slip as a wish. */
const UNASKED = 10

/** What is about to be done. */
export interface Many {
  readonly count: number
  /** What is counted, such as `campaigns`. */
  readonly things: string
  /** What a person is asked, without its mark. */
  readonly question: string
  /** The options that stand for the answer and for what, where it is not `--yes` for a change. */
  readonly instead?: string
}

/** Asks before much is changed. Refuses where nobody can be asked, or where the answer is not yes. */
export const confirmMany = ({
  count,
  instead = "--yes to change",
  question,
  things
}: Many): Effect.Effect<void, RequestInvalid, Terminal> =>
  count <= UNASKED
    ? Effect.void
    : confirmed({
        question,
        expected: `${instead} more than ${UNASKED} ${things} at once`,
        found: `${count} ${things} and nobody to ask`
      })
