import type { Verdict } from "@campaignctl/core"
import type { Channel } from "../terminal/Terminal.ts"
import { onOneLine } from "./onOneLine.ts"
import { verdictMark } from "./stateStyle.ts"
import { wrapped } from "./wrapped.ts"

/** Columns of the longest guard's name. */
const GUARD_COLUMNS = 13
/** Columns before the detail: the margin, the sign, the guard, and the gaps between them. */
const BEFORE_DETAIL = 2 + 1 + 1 + GUARD_COLUMNS + 2
/** Columns that a detail takes however narrow the window is. */
const LEAST_COLUMNS = 20

/** Each guard's verdict by itself, marked by a sign and a colour. */
export const verdictLines = (
  verdicts: ReadonlyArray<Verdict>,
  { columns, paint }: Pick<Channel, "columns" | "paint">
): ReadonlyArray<string> =>
  verdicts.flatMap(({ detail, guard, note, overrode, status }) => {
    const { sign, style } = verdictMark[status]
    const override =
      overrode === undefined ? "" : ` Overridden (was ${overrode}): ${onOneLine(note ?? "")}`
    const [first = "", ...others] = wrapped(
      `${onOneLine(detail)}${override}`,
      Math.max(LEAST_COLUMNS, columns - BEFORE_DETAIL)
    )
    return [
      `  ${paint(style, sign)} ${guard.padEnd(GUARD_COLUMNS)}  ${first}`,
      ...others.map((line) => `${" ".repeat(BEFORE_DETAIL)}${line}`)
    ]
  })
