/** One line of the report. */
export interface Row {
  readonly what: string
  readonly figure: string
  /** Beside what it is compared with. */
  readonly ratio?: string
  readonly goal?: string
  /** Whether the goal is met; absent where there is none. */
  readonly met?: boolean
  /** A goal of a count does not depend on the machine: broken, it fails the run. */
  readonly binding?: boolean
  /** How many samples the figure is made of. */
  readonly n: number
  /** The figures as measured. */
  readonly values: Readonly<Record<string, number>>
}

/** Whether a goal that does not depend on the machine is missed. */
export const isBroken = ({ binding, met }: Row): boolean => binding === true && met === false

const MET = { true: "yes", false: "no" } as const

const cells = ({ figure, goal = "", met, n, ratio = "", what }: Row): ReadonlyArray<string> => [
  what,
  figure,
  ratio,
  goal,
  met === undefined ? "" : MET[`${met}`],
  String(n)
]

const HEAD = ["what", "figure", "ratio", "goal", "met", "n"]

/** The rows as a Markdown table, its columns as wide as they need. */
export const markdownTable = (rows: ReadonlyArray<Row>): string => {
  const table = [HEAD, ...rows.map(cells)]
  const widths = HEAD.map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0))
  )
  const line = (values: ReadonlyArray<string>) =>
    `| ${values.map((value, column) => value.padEnd(widths[column] ?? 0)).join(" | ")} |`
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`
  return [line(HEAD), rule, ...table.slice(1).map(line)].join("\n")
}

const SIGNIFICANT_DIGITS = 3

/** A number as a person reads it: three digits that mean something, thousands apart. */
export const readable = (value: number): string =>
  new Intl.NumberFormat("en", { maximumSignificantDigits: SIGNIFICANT_DIGITS }).format(value)
