import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type Command, CommanderError } from "commander"
import { ExitCode } from "../exit/ExitCode.ts"
import type { CommonOptions } from "../process/CommandInput.ts"
import { processTerminal } from "../terminal/processTerminal.ts"
import type { TerminalShape } from "../terminal/Terminal.ts"
import { writeAll } from "../terminal/writeAll.ts"
import { formatAskedFor } from "./outputFormat.ts"
import type { Starter } from "./Starter.ts"

const STDOUT = 1
const STDERR = 2

/** Thrown once the version is printed; Commander's own way to stop parsing. */
const VERSION_PRINTED = "campaignctl.version"

/** Files of this package. */
export interface ProgramFiles {
  /** Its package.json. */
  readonly manifest: URL
  /** The program that people start. */
  readonly launcher: URL
}

/** Understands the command line, runs what it asks for and gives the exit code. */
export const runProgram = async (
  makeProgram: (starter: Starter, firstWord?: string) => Command,
  argv: ReadonlyArray<string>,
  { launcher, manifest }: ProgramFiles
): Promise<number> => {
  const { env } = process
  const terminalFor = (options: CommonOptions): TerminalShape =>
    processTerminal({
      format: formatAskedFor(argv),
      quiet: options.quiet ?? false,
      colour: options.color ?? !argv.includes("--no-color"),
      env
    })
  let exitCode: number = ExitCode.done
  const starter: Starter = {
    start: async (choose, args, options) => {
      const given: CommonOptions & typeof options = options
      const { checkedOutput, commands, execute } = await import("../commands/all.ts")
      const command = choose(commands)
      exitCode = await execute(
        checkedOutput(given, command({ args, options: given, env })),
        terminalFor(given),
        env
      )
    },
    hand: async (program) => {
      exitCode = await program()
    },
    launcher: fileURLToPath(launcher),
    printVersion: () => {
      const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string } // our own package.json
      writeAll(STDOUT, `${version}\n`)
      throw new CommanderError(ExitCode.done, VERSION_PRINTED, version)
    },
    writeOut: (text) => void writeAll(STDOUT, text),
    writeErr: (text) => void writeAll(STDERR, text)
  }
  try {
    await makeProgram(starter, argv[0]).parseAsync(argv.length === 0 ? ["--help"] : argv, {
      from: "user"
    })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return reportUsage(error, terminalFor({}))
    const { reportDefect } = await import("../commands/all.ts")
    reportDefect(error, terminalFor({}), env)
    return ExitCode.unexpected
  }
}

const NEXT_STEP =
  "`campaignctl --help` lists the commands, `campaignctl COMMAND --help` their options."

/** A command line whose words Commander could not place. Help that was asked for is no error. */
const reportUsage = (error: CommanderError, terminal: TerminalShape): number => {
  if (error.exitCode === ExitCode.done) return ExitCode.done
  // The help of a group such as `audit` was shown because none of its commands was named.
  if (error.code === "commander.help") return ExitCode.usage
  const message = sentenceOf(error.message)
  const { err, out } = terminal
  err.write(`${err.paint(["bold", "red"], "error:")} ${message}\n`)
  err.write(`  ${err.paint("bold", "next:")} ${NEXT_STEP}\n`)
  if (terminal.format === "json")
    out.write(
      `${JSON.stringify({ error: { code: "REQUEST_INVALID", message, nextStep: NEXT_STEP } }, undefined, 2)}\n`
    )
  return ExitCode.usage
}

/** `error: unknown command 'gte'\n(Did you mean get?)` as sentences. */
const sentenceOf = (message: string): string => {
  const [first = "", ...others] = message.replace(/^error: /, "").split("\n")
  const ended = /[.?!]$/.test(first) ? first : `${first}.`
  return [ended.charAt(0).toUpperCase() + ended.slice(1), ...others]
    .map((line) => line.replace(/^\((.*)\)$/, "$1").trim())
    .filter((line) => line !== "")
    .join(" ")
}
