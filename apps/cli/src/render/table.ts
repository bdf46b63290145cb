import type { Channel, Style } from "../terminal/Terminal.ts"
import { onOneLine } from "./onOneLine.ts"
import { shortened, textWidth } from "./textWidth.ts"

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  readonly text: (row: Row) => string
  readonly style?: (row: Row) => Style | undefined
  /** Whether it is cut short first where the window is too narrow. One column of a table may be. */
  readonly gives?: boolean
}

const GAP = "  "
/** Columns that a text keeps however narrow the window is: less would tell nothing. */
const LEAST_COLUMNS = 12

/** Rows under their titles, as wide as the channel at most. No row at all gives no line. */
export const table = <Row>(
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  channel: Pick<Channel, "columns" | "paint">
): ReadonlyArray<string> => {
  if (rows.length === 0) return []
  const texts = rows.map((row) => columns.map((column) => onOneLine(column.text(row))))
  const needed = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...texts.map((cells) => textWidth(cells[index] ?? "")))
  )
  const widths = fitted(columns, needed, channel.columns)
  const line = (cells: ReadonlyArray<string>, styles: ReadonlyArray<Style | undefined>) =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0
        const text = shortened(cell, width)
        const style = styles[index]
        const last = index === cells.length - 1
        const padding = last ? "" : " ".repeat(Math.max(0, width - textWidth(text)))
        return `${style === undefined ? text : channel.paint(style, text)}${padding}`
      })
      .join(GAP)
      .trimEnd()
  return [
    line(
      columns.map(({ title }) => title),
      columns.map(() => "dim")
    ),
    ...texts.map((cells, index) => {
      const row = rows[index]
      return line(
        cells,
        columns.map(({ style }) => (row === undefined ? undefined : style?.(row)))
      )
    })
  ]
}

const fitted = <Row>(
  columns: ReadonlyArray<Column<Row>>,
  needed: ReadonlyArray<number>,
  available: number
): ReadonlyArray<number> => {
  const whole = needed.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1))
  const over = whole - available
  if (!(over > 0)) return needed
  return needed.map((width, index) =>
    columns[index]?.gives === true ? Math.max(Math.min(width, LEAST_COLUMNS), width - over) : width
  )
}
