import { fstatSync } from "node:fs"
import { styleText } from "node:util"
import type { Channel, OutputFormat, TerminalShape } from "./Terminal.ts"
import { writeAll } from "./writeAll.ts"

const STDIN = 0
const STDOUT = 1
const STDERR = 2

/** Columns of a terminal that does not say. */
const USUAL_COLUMNS = 80

export interface TerminalOptions {
  readonly format: OutputFormat
  readonly quiet: boolean
  /** False for `--no-color`. */
  readonly colour: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ""

/** Whether a person may be there. A file or a pipe is seen to be none without loading the terminal's module. */
const isTerminal = (descriptor: number): boolean => {
  try {
    return (
      fstatSync(descriptor).isCharacterDevice() &&
      process.getBuiltinModule("node:tty").isatty(descriptor)
    )
  } catch {
    // A descriptor that is closed leads nowhere.
    return false
  }
}

/** Whether colours may be written: never to a file or pipe, and not where NO_COLOR or a dumb terminal says so. */
export const showsColours = (
  onTerminal: boolean,
  { colour, env }: Pick<TerminalOptions, "colour" | "env">
): boolean => colour && onTerminal && !isSet(env["NO_COLOR"]) && env["TERM"] !== "dumb"

/** A terminal without a window says that it has no columns at all. */
const columnsOf = ({ columns = 0 }: { readonly columns?: number }): number =>
  columns > 0 ? columns : USUAL_COLUMNS

/** The terminal that this process was started on. */
export const processTerminal = (options: TerminalOptions): TerminalShape => {
  let closed = false
  const channel = (descriptor: number, stream: () => { readonly columns?: number }): Channel => {
    const onTerminal = isTerminal(descriptor)
    const colours = showsColours(onTerminal, options)
    let open = true
    return {
      write: (text) => {
        if (!open) return
        open = writeAll(descriptor, text)
        if (!open && descriptor === STDOUT) closed = true
      },
      isTerminal: onTerminal,
      columns: onTerminal ? columnsOf(stream()) : Number.POSITIVE_INFINITY,
      paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text)
    }
  }
  const err = channel(STDERR, () => process.stderr)
  return {
    out: channel(STDOUT, () => process.stdout),
    err,
    format: options.format,
    quiet: options.quiet,
    isClosed: () => closed,
    ask: isTerminal(STDIN) && err.isTerminal ? ask : undefined
  }
}

const ask = async (question: string): Promise<string> => {
  const { createInterface } = await import("node:readline/promises")
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C on the question is a signal like any other: readline would swallow it otherwise.
  lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"))
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}
