import type { Environment } from "@campaignctl/core"
import { Cause, Effect, Exit, Layer, Logger, References } from "effect"
import { errorDocument } from "../errors/ErrorDocument.ts"
import { errorLines } from "../errors/errorLines.ts"
import { ExitCode, exitCodeOf } from "../exit/ExitCode.ts"
import { Problems } from "../arguments/Problems.ts"
import type { CommandError } from "./CommandError.ts"
import { OUTPUT_FORMATS } from "../program/outputFormat.ts"
import { emit } from "../render/emit.ts"
import { Terminal, type TerminalShape } from "../terminal/Terminal.ts"
import { OutputUnwritable } from "../terminal/writeAll.ts"
import type { CommandEffect, CommonOptions } from "./CommandInput.ts"
import { scrubbed } from "./scrubbed.ts"
import { traced } from "./traced.ts"

/** Signals that end a command, and the exit code of each. */
const ENDINGS = {
  SIGHUP: ExitCode.hungUp,
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated
} as const
type Ending = keyof typeof ENDINGS

/**
 * Runs a command to its end and gives its exit code.
 *
 * The first Ctrl-C, SIGTERM, or closing of the terminal interrupts it, so that what was begun is settled in the audit; the
 * second ends the process at once.
 */
export const execute = async (
  command: CommandEffect,
  terminal: TerminalShape,
  env: Environment
): Promise<ExitCode> => {
  const fiber = Effect.runFork(
    command.pipe(
      Effect.catch((error) => Effect.as(reportError(error), exitCodeOf(error))),
      (handled) => traced(handled, terminal, env),
      Effect.provide(Layer.merge(Layer.succeed(Terminal, terminal), logsTo(terminal, env)))
    )
  )
  let ending: Ending | undefined
  const onSignal = (signal: Ending): void => {
    if (ending !== undefined) process.exit(ENDINGS[signal])
    ending = signal
    terminal.err.write("\nEnding: the audit is being settled. Once more ends at once.\n")
    fiber.interruptUnsafe()
  }
  const signals = Object.keys(ENDINGS) as ReadonlyArray<Ending> // the keys of a literal are its type's
  for (const signal of signals) process.on(signal, onSignal)
  const exit = await new Promise<Exit.Exit<ExitCode>>((resolve) => fiber.addObserver(resolve))
  for (const signal of signals) process.off(signal, onSignal)
  if (Exit.isSuccess(exit)) return exit.value
  if (ending !== undefined && Cause.hasInterruptsOnly(exit.cause)) return ENDINGS[ending]
  reportDefect(Cause.squash(exit.cause), terminal, env)
  return ExitCode.unexpected
}

/** An error that ended the whole command: the sentence on stderr, with `-o json` the document on stdout. */
const reportError = Effect.fnUntraced(function* (
  error: CommandError
): Effect.fn.Return<void, never, Terminal> {
  const { err } = yield* Terminal
  err.write(`${errorLines(error, err).join("\n")}\n`)
  yield* emit({ error: errorDocument(error) }, () => [])
})

/** Whether somebody looks for a fault of the program. */
const debugs = (env: Environment): boolean => env["CAMPAIGNCTL_DEBUG"] === "1"

/** Says that the program itself is at fault; the stack only where it is asked for. */
export const reportDefect = (
  defect: unknown,
  { err }: Pick<TerminalShape, "err">,
  env: Environment
): void => {
  if (defect instanceof OutputUnwritable) {
    const after = "A change that was asked for is in the audit: `campaignctl audit list`."
    err.write(`${err.paint(["bold", "red"], "error:")} ${defect.message} ${after}\n`)
    return
  }
  const debug = debugs(env)
  const advice = debug ? "" : " CAMPAIGNCTL_DEBUG=1 shows where."
  const kind = defect instanceof Error ? defect.name : "Error"
  err.write(
    `${err.paint(["bold", "red"], "error:")} campaignctl met a fault of its own (${kind}).${advice}\n`
  )
  if (debug && defect instanceof Error)
    err.write(`${scrubbed(defect.stack ?? defect.message, env)}\n`)
}

/** What Effect's own modules tell of themselves, such as of runners that end: nobody can act on it. */
const isOfEngine = (annotations: Readonly<Record<string, unknown>>): boolean =>
  [annotations["module"], annotations["package"]].some((name) => /^@?effect\//.test(String(name)))

/** What the core logs goes to stderr: stdout is for results. */
const logsTo = ({ err }: TerminalShape, env: Environment): Layer.Layer<never> =>
  Logger.layer([
    Logger.make<unknown, void>(({ fiber, message }) => {
      if (isOfEngine(fiber.getRef(References.CurrentLogAnnotations)) && !debugs(env)) return
      const parts = Array.isArray(message) ? message : [message]
      err.write(`${scrubbed(parts.map(String).join(" "), env)}\n`)
    })
  ])

/** Refuses an output format that there is none of, before the command does anything. */
export const checkedOutput = (options: CommonOptions, command: CommandEffect): CommandEffect => {
  const problems = new Problems()
  if (options.output !== undefined) problems.choice("--output", OUTPUT_FORMATS, options.output)
  return Effect.andThen(problems.check, command)
}
