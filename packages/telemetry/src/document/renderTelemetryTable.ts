import { onEveryFailure, type SpanPage, spans } from "@campaignctl/core"
import { type Definition, definitions, prometheusName } from "../metrics/definitions.ts"

const row = (...cells: ReadonlyArray<string>): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`

const code = (text: string): string => `\`${text}\``

const listed = (names: Readonly<Record<string, string>>): string =>
  Object.keys(names).length === 0
    ? "–"
    : Object.entries(names)
        .map(([name, means]) => `${code(name)}: ${means}`)
        .join("<br>")

const events = (page: Pick<SpanPage, "events">): string =>
  Object.entries(page.events ?? {})
    .map(([name, attributes]) => `<br>event ${code(name)} – ${listed(attributes)}`)
    .join("")

const pages: ReadonlyArray<SpanPage> = Object.values(spans)
const metrics: ReadonlyArray<Definition> = Object.values(definitions)

/** Every span, attribute, event and metric, as the documentation shows them: Markdown. */
export const renderTelemetryTable = (): string =>
  [
    "### Spans",
    "",
    row("span", "covers", "attributes and events"),
    row("---", "---", "---"),
    ...pages.map((page) =>
      row(code(page.name), page.covers, `${listed(page.attributes)}${events(page)}`)
    ),
    row(
      "any of them",
      "what failed or was interrupted",
      `${listed(onEveryFailure.attributes)}${events(onEveryFailure)}`
    ),
    "",
    "### Metrics",
    "",
    row("OpenTelemetry", "Prometheus", "kind", "unit", "what", "labels"),
    row("---", "---", "---", "---", "---", "---"),
    ...metrics.map((metric) =>
      row(
        code(metric.name),
        code(prometheusName(metric)),
        metric.kind,
        code(metric.unit),
        metric.description,
        listed(metric.labels)
      )
    ),
    ""
  ].join("\n")
