import { errorCatalogue } from "@campaignctl/core"
import type {
  Operation,
  OperationCounts,
  OperationItem,
  OperationStatus
} from "@campaignctl/operations"
import { Operations } from "@campaignctl/operations"
import { Effect } from "effect"
import { ExitCode } from "../exit/ExitCode.ts"
import { emit, warn } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import { table } from "../render/table.ts"
import { type Style, Terminal, type TerminalShape } from "../terminal/Terminal.ts"
import type { OperationsError } from "@campaignctl/operations/errors"
import { totalOf, troubleOf } from "./progressText.ts"
import { selectorText } from "./selectorOf.ts"

/** Campaigns that ended badly and are named one by one. */
const NAMED_ITEMS = 20

const STYLES: Readonly<Partial<Record<OperationStatus, Style>>> = {
  succeeded: "green",
  partial: "yellow",
  failed: "red",
  cancelled: "yellow",
  paused: "yellow"
}

export const statusStyle = ({ status }: Pick<Operation, "status">): Style | undefined =>
  STYLES[status]

/** The words of each count, in the order in which a person asks. */
const COUNT_WORDS: Readonly<Record<keyof OperationCounts, string>> = {
  applied: "changed",
  alreadyThere: "there already",
  rejected: "rejected",
  failed: "failed",
  unknown: "unknown",
  skipped: "skipped",
  draining: "draining",
  running: "under way",
  pending: "to come"
}

/** What is asked for, in a line. */
export const askedText = ({ spec }: Pick<Operation, "spec">): string =>
  spec._tag === "Transition"
    ? `${spec.campaignId} to ${spec.change.target}`
    : spec._tag === "Fleet"
      ? `${selectorText(spec.selector)} to ${spec.change.target}`
      : `halt “${spec.name}” of ${selectorText(spec.selector)}`

export const countsText = (counts: OperationCounts): string => {
  // The keys of a literal are its type's.
  const words = (Object.keys(COUNT_WORDS) as ReadonlyArray<keyof OperationCounts>).flatMap((key) =>
    counts[key] === 0 ? [] : [`${counts[key]} ${COUNT_WORDS[key]}`]
  )
  return words.length === 0 ? "no campaigns" : `${totalOf(counts)} campaigns: ${words.join(", ")}`
}

const lines = (
  operation: Operation,
  bad: ReadonlyArray<OperationItem>,
  { out }: TerminalShape
): ReadonlyArray<string> => [
  `${out.paint("bold", operation.id)}  ${onOneLine(askedText(operation))}`,
  `  ${out.paint(statusStyle(operation) ?? "bold", operation.status)}  ${countsText(operation.counts)}`,
  ...(operation.cancelRequested && operation.finishedAt === null
    ? ["  It is to be cancelled: what is under way is ended first, by whoever carries it on."]
    : []),
  ...(operation.detail === null ? [] : [`  ${onOneLine(operation.detail)}`]),
  ...table(
    [
      { title: "CAMPAIGN", text: ({ name }) => name },
      { title: "CAME OF IT", text: ({ status }) => status, style: () => "red" },
      { title: "WHY", text: ({ detail, errorCode }) => detail ?? errorCode ?? "", gives: "words" }
    ],
    bad,
    out
  ),
  ...(troubleOf(operation.counts) > bad.length
    ? [
        `… and ${troubleOf(operation.counts) - bad.length} more: campaignctl operations show ${operation.id} -o json`
      ]
    : [])
]

/** Writes an operation with what did not go well in it; where asked for a document, with every campaign. */
export const showOperation = Effect.fnUntraced(function* (
  operation: Operation
): Effect.fn.Return<void, OperationsError, Operations | Terminal> {
  const { items } = yield* Operations
  const { format } = yield* Terminal
  const shown =
    format === "table"
      ? yield* items(operation.id, {
          statuses: ["rejected", "failed", "unknown"],
          limit: NAMED_ITEMS
        })
      : yield* items(operation.id, { limit: Math.max(1, totalOf(operation.counts)) })
  yield* emit({ ...operation, items: shown }, (terminal) => lines(operation, shown, terminal))
})

/** How a followed operation ended. Where lines of JSON were written, the last of them was the end. */
export const showEnd = Effect.fnUntraced(function* (
  ended: Operation
): Effect.fn.Return<void, OperationsError, Operations | Terminal> {
  const { format, out } = yield* Terminal
  if (format !== "table" || out.isTerminal) return yield* showOperation(ended)
  if (totalOf(ended.counts) === 0) return yield* warn("No campaign matches, so none was changed.")
  if (ended.status === "succeeded") return
  const why = ended.detail === null ? "" : ` ${onOneLine(ended.detail)}`
  yield* warn(`It ended ${ended.status}: ${countsText(ended.counts)}.${why}`)
})

/** The exit code of an operation, by how it ended. One that goes on is as good as done so far. */
export const exitCodeOfOperation = Effect.fnUntraced(function* ({
  counts,
  id,
  status
}: Operation): Effect.fn.Return<ExitCode, OperationsError, Operations> {
  if (status === "partial" || status === "cancelled") return ExitCode.partial
  if (status !== "failed") return ExitCode.done
  if (counts.unknown > 0) return ExitCode.outcomeUnknown
  if (counts.failed === 0) return counts.rejected > 0 ? ExitCode.rejected : ExitCode.unavailable
  const failed = yield* (yield* Operations).items(id, {
    statuses: ["failed"],
    limit: counts.failed
  })
  return failed.every(({ errorCode }) => errorCode === errorCatalogue.CampaignNotFound.code)
    ? ExitCode.notFound
    : ExitCode.unavailable
})
