/** What laying out a table has to know of a column. */
export interface Giving {
  /**
   * How it gives where the window is too narrow for a whole row: its text is cut short at the end, or
   * goes on between words on the lines below. One column of a table may.
   */
  readonly gives?: "end" | "words"
}

/** A column in its place on one of a row's lines. */
export interface Placed {
  readonly index: number
  readonly width: number
}

/** The lines of a row, each with its columns. */
export type Layout = ReadonlyArray<ReadonlyArray<Placed>>

export const GAP = "  "
/** Before the lines of a row that follow its first. */
export const INDENT = "    "
/** Columns that a text keeps where it gives: with less it would tell nothing. */
const LEAST_COLUMNS = 20

/**
 * Puts every column on one line where they fit, with the giving one as narrow as need be; on several
 * where they do not. Nothing is left out, and no terminal breaks a line in the middle of a word.
 */
export const layoutOf = (
  columns: ReadonlyArray<Giving>,
  needed: ReadonlyArray<number>,
  available: number
): Layout => {
  const whole = needed.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1))
  const giving = columns.findIndex(({ gives }) => gives !== undefined)
  const over = Math.max(0, whole - available)
  const left = (needed[giving] ?? 0) - over
  if (over === 0 || left >= LEAST_COLUMNS)
    return [needed.map((width, index) => ({ index, width: index === giving ? left : width }))]
  const lines: Array<Array<Placed>> = []
  let free = 0
  for (const [index, wanted] of needed.entries()) {
    if (lines.length === 0 || GAP.length + wanted > free) {
      free = available - (lines.length === 0 ? 0 : INDENT.length)
      const width = index === giving ? Math.min(wanted, Math.max(1, free)) : wanted
      lines.push([{ index, width }])
      free -= width
    } else {
      lines.at(-1)?.push({ index, width: wanted })
      free -= GAP.length + wanted
    }
  }
  return lines
}
