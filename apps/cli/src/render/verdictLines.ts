import type { Verdict } from "@campaignctl/core"
import type { Channel } from "../terminal/Terminal.ts"
import { onOneLine } from "./onOneLine.ts"
import { verdictMark } from "./stateStyle.ts"

/** Columns of the longest guard's name. */
const GUARD_COLUMNS = 13

/** Each guard's verdict on its own line, marked by a sign and a colour. */
export const verdictLines = (
  verdicts: ReadonlyArray<Verdict>,
  { paint }: Pick<Channel, "paint">
): ReadonlyArray<string> =>
  verdicts.map(({ detail, guard, note, overrode, status }) => {
    const { sign, style } = verdictMark[status]
    const override =
      overrode === undefined ? "" : ` Overridden (was ${overrode}): ${onOneLine(note ?? "")}`
    return `  ${paint(style, sign)} ${guard.padEnd(GUARD_COLUMNS)}  ${onOneLine(detail)}${override}`
  })
