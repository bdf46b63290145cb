import type { Channel, Style } from "../terminal/Terminal.ts"
import { GAP, type Giving, INDENT, layoutOf } from "./layout.ts"
import { onOneLine } from "./onOneLine.ts"
import { shortened, textWidth } from "./textWidth.ts"
import { wrapped } from "./wrapped.ts"

/** One column of a table. */
export interface Column<Row> extends Giving {
  readonly title: string
  readonly text: (row: Row) => string
  readonly style?: (row: Row) => Style | undefined
}

/**
 * Rows under their titles, no line wider than the channel where its columns allow that. Where a whole
 * row does not fit, each takes several lines, and so do the titles. No row at all gives no line.
 */
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
  const layout = layoutOf(columns, needed, channel.columns)
  const lines = (cells: ReadonlyArray<string>, styles: ReadonlyArray<Style | undefined>) =>
    layout.flatMap((placed, position) => {
      const parts = placed.map(({ index, width }) =>
        columns[index]?.gives === "words"
          ? wrapped(cells[index] ?? "", width)
          : [
              columns[index]?.gives === "end"
                ? shortened(cells[index] ?? "", width)
                : (cells[index] ?? "")
            ]
      )
      const height = Math.max(...parts.map(({ length }) => length))
      return Array.from({ length: height }, (_, at) => {
        const line = placed.map(({ index, width }, place) => {
          const text = parts[place]?.[at] ?? ""
          const style = styles[index]
          const padding = " ".repeat(Math.max(0, width - textWidth(text)))
          return `${style === undefined || text === "" ? text : channel.paint(style, text)}${padding}`
        })
        return `${position === 0 ? "" : INDENT}${line.join(GAP)}`.trimEnd()
      })
    })
  return [
    ...lines(
      columns.map(({ title }) => title),
      columns.map(() => "dim")
    ),
    ...rows.flatMap((row, at) =>
      lines(
        texts[at] ?? [],
        columns.map(({ style }) => style?.(row))
      )
    )
  ]
}
