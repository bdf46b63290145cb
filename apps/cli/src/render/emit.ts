import { Effect } from "effect"
import { Terminal } from "../terminal/Terminal.ts"

/** Writes one result on stdout: as one JSON or YAML document, or as the lines that a person reads. */
export const emit = Effect.fnUntraced(function* (
  document: unknown,
  lines: (terminal: Terminal["Service"]) => ReadonlyArray<string>
): Effect.fn.Return<void, never, Terminal> {
  const terminal = yield* Terminal
  if (terminal.format === "json") {
    terminal.out.write(`${JSON.stringify(document, undefined, 2)}\n`)
    return
  }
  if (terminal.format === "yaml") {
    const { stringify } = yield* Effect.promise(() => import("yaml"))
    // Through JSON first, so that both formats have the same members.
    terminal.out.write(stringify(JSON.parse(JSON.stringify(document))))
    return
  }
  const text = lines(terminal)
  if (text.length > 0) terminal.out.write(`${text.join("\n")}\n`)
})

/** Says something on stderr; not under `--quiet`. */
export const hint = Effect.fnUntraced(function* (
  sentence: string
): Effect.fn.Return<void, never, Terminal> {
  const { err, quiet } = yield* Terminal
  if (!quiet) err.write(`${err.paint("dim", sentence)}\n`)
})

/** Says something on stderr that must be heard, `--quiet` or not. */
export const warn = Effect.fnUntraced(function* (
  sentence: string
): Effect.fn.Return<void, never, Terminal> {
  const { err } = yield* Terminal
  err.write(`${err.paint(["bold", "yellow"], "warning:")} ${sentence}\n`)
})
