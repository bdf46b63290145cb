import type { CollectedEvent, CollectedSpan } from "./collectSpans.ts"

const NANOS_PER_MILLI = 1_000_000
/** Characters of the name's column; a longer name pushes its duration out. */
const NAME_WIDTH = 58

const milliseconds = (from: bigint, to: bigint): string => {
  const millis = Number(to - from) / NANOS_PER_MILLI
  return `${millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms`
}

const CONTROL = /\p{Cc}+/gu

/** Names without what all of them begin with: the tree is to be read. */
const shortly = (name: string): string => name.replace(/^(campaignctl|http|genesys|server)\./, "")

const told = (attributes: Readonly<Record<string, unknown>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${shortly(name)}=${String(value).replace(CONTROL, " ")}`)
    .join(" ")

const END_MARKS: Readonly<Record<CollectedSpan["ended"], string>> = {
  well: "",
  failed: " ✗",
  interrupted: " interrupted"
}

interface Branch {
  readonly at: bigint
  readonly lines: (indent: string, last: boolean) => ReadonlyArray<string>
}

const branch = (indent: string, last: boolean): readonly [line: string, below: string] => [
  `${indent}${last ? "└─ " : "├─ "}`,
  `${indent}${last ? "   " : "│  "}`
]

const eventBranch = ({ at, attributes, name }: CollectedEvent): Branch => ({
  at,
  lines: (indent, last) => [`${branch(indent, last)[0]}• ${name} ${told(attributes)}`]
})

const spanBranch = (
  span: CollectedSpan,
  children: (id: string) => ReadonlyArray<CollectedSpan>
): Branch => ({
  at: span.startedAt,
  lines: (indent, last) => {
    const [line, below] = branch(indent, last)
    return [head(span, line), ...belowOf(span, children, below)]
  }
})

const head = (span: CollectedSpan, prefix: string): string => {
  const name = `${prefix}${span.name}`.padEnd(NAME_WIDTH)
  const duration = milliseconds(span.startedAt, span.endedAt).padStart(9)
  // What another program is told, or told us, names this span by its id.
  const id = span.kind === "client" || span.kind === "server" ? `span=${span.spanId} ` : ""
  return `${name} ${duration}${END_MARKS[span.ended]}  ${id}${told(span.attributes)}`.trimEnd()
}

const belowOf = (
  span: CollectedSpan,
  children: (id: string) => ReadonlyArray<CollectedSpan>,
  indent: string
): ReadonlyArray<string> => {
  const branches = [
    ...span.events.map(eventBranch),
    ...children(span.spanId).map((child) => spanBranch(child, children))
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return branches.flatMap(({ lines }, at) => lines(indent, at === branches.length - 1))
}

/**
 * Spans as text: one tree per trace, each span below its parent with its duration and attributes,
 * in the order in which they began. A span whose parent is not among them is the root of a tree.
 */
export const renderTrace = (spans: ReadonlyArray<CollectedSpan>): string => {
  const known = new Set(spans.map(({ spanId }) => spanId))
  const byParent = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : undefined
  )
  const children = (id: string): ReadonlyArray<CollectedSpan> => byParent.get(id) ?? []
  const roots = (byParent.get(undefined) ?? []).toSorted((a, b) =>
    a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0
  )
  const traces = Map.groupBy(roots, ({ traceId }) => traceId)
  return [...traces]
    .flatMap(([traceId, tops]) => [
      `trace ${traceId}`,
      ...tops.flatMap((root) => [
        ...(root.parentSpanId === undefined ? [] : [`called by span ${root.parentSpanId}`]),
        head(root, ""),
        ...belowOf(root, children, "")
      ])
    ])
    .map((line) => `${line}\n`)
    .join("")
}
