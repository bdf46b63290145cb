import { dateTimeText, zoneClock } from "@campaignctl/core"
import { type DstCase, dstCases } from "./dstCases.ts"

/** What cron lines do when the clocks change, as a Markdown table: a row for each case. */
export const renderDstTable = (cases: ReadonlyArray<DstCase> = dstCases): string =>
  [
    ["zone", "the clocks", "cron line", "fires at (local time there, and its offset)", "because"],
    ["---", "---", "---", "---", "---"],
    ...cases.map(({ because, clocks, cron, fires, zone }) => [
      zone,
      clocks,
      `\`${cron}\``,
      fires.map((at) => localText(zone, Date.parse(at))).join("<br>"),
      because
    ])
  ]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n")

/** Local time with the offset, without which a time that is shown twice could be either. */
const localText = (zone: string, atMs: number): string => {
  const offset = zoneClock(zone)?.offsetAt(atMs) ?? 0
  return `${dateTimeText(atMs + offset).slice(0, -":ss".length)} ${offsetText(offset)}`
}

const MINUTE_MS = 60_000
const MINUTES_IN_HOUR = 60

const offsetText = (offset: number): string => {
  const minutes = Math.abs(offset) / MINUTE_MS
  const two = (part: number): string => String(part).padStart(2, "0")
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / MINUTES_IN_HOUR))}:${two(minutes % MINUTES_IN_HOUR)}`
}
