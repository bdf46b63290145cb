import { Effect } from "effect"
import { durationText } from "../arguments/duration.ts"
import type { TransitionDocument } from "../documents/TransitionDocument.ts"
import { errorLines } from "../errors/errorLines.ts"
import { emit, warn } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import { stateStyle } from "../render/stateStyle.ts"
import { type Column, table } from "../render/table.ts"
import { verdictLines } from "../render/verdictLines.ts"
import { type Channel, type Style, Terminal } from "../terminal/Terminal.ts"
import type { Outcome } from "./Outcome.ts"

const WORDS: Readonly<
  Record<TransitionDocument["outcome"], { readonly text: string; readonly style: Style }>
> = {
  applied: { text: "✓ applied", style: "green" },
  "already-there": { text: "✓ already there", style: "green" },
  "would-apply": { text: "✓ would apply", style: "green" },
  rejected: { text: "✗ rejected", style: "red" },
  failed: { text: "✗ failed", style: "red" },
  unknown: { text: "? unknown", style: "red" }
}

const COLUMNS: ReadonlyArray<Column<TransitionDocument>> = [
  {
    title: "OUTCOME",
    text: ({ outcome }) => WORDS[outcome].text,
    style: ({ outcome }) => WORDS[outcome].style
  },
  { title: "CAMPAIGN", text: ({ campaignId, name }) => name ?? campaignId, gives: "end" },
  { title: "CHANGE", text: ({ from, to }) => `${from ?? "?"} → ${to}` },
  {
    title: "NOW",
    text: ({ state }) => state ?? "?",
    style: ({ state }) => (state === undefined ? undefined : stateStyle[state])
  },
  { title: "AUDIT", text: ({ auditSequence }) => auditSequence?.toString() ?? "–" },
  {
    title: "TOOK",
    text: ({ latencyMs }) => (latencyMs === undefined ? "–" : durationText(latencyMs))
  }
]

/** Writes what came of the campaigns: one document for one, a list for several, warnings and errors beside it. */
export const showOutcomes = Effect.fnUntraced(function* (
  outcomes: ReadonlyArray<Outcome>,
  asList: boolean
): Effect.fn.Return<void, never, Terminal> {
  const { err } = yield* Terminal
  const documents = outcomes.map(({ document }) => document)
  yield* emit(asList ? documents : documents[0], ({ out }) => [
    ...table(COLUMNS, documents, out),
    ...documents.flatMap((document) => afterword(document, out))
  ])
  for (const { document, error } of outcomes) {
    for (const warning of document.warnings)
      yield* warn(`“${onOneLine(document.name ?? document.campaignId)}”: ${warning}`)
    if (error !== undefined) err.write(`${errorLines(error, err).join("\n")}\n`)
  }
})

/** What the table has no room for: the verdicts of a dry run, and how long the drain took. */
const afterword = (
  { campaignId, drain, dryRun, name = campaignId, verdicts }: TransitionDocument,
  channel: Channel
): ReadonlyArray<string> => {
  const title = `“${onOneLine(name)}”`
  if (dryRun) return [`${title}:`, ...verdictLines(verdicts, channel)]
  return drain?.result === "drained" && drain.waitedMs !== undefined
    ? [`${title} has no call left, after ${durationText(drain.waitedMs)}.`]
    : []
}
