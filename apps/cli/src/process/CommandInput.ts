import type { Environment } from "@campaignctl/core"
import type { Effect } from "effect"
import type { ExitCode } from "../exit/ExitCode.ts"
import type { CommandError } from "./CommandError.ts"
import type { Terminal } from "../terminal/Terminal.ts"

/** Options that every command has. */
export interface CommonOptions {
  readonly output?: string
  readonly color?: boolean
  readonly quiet?: boolean
  readonly profile?: string
  readonly contract?: string
}

/** What a command is started with. */
export interface CommandInput<Options = CommonOptions> {
  /** The words after the command's name, options left out. */
  readonly args: ReadonlyArray<string>
  readonly options: Options & CommonOptions
  readonly env: Environment
}

/** A command that runs: says what it has to say on the terminal, and ends with its exit code. */
export type CommandEffect = Effect.Effect<ExitCode, CommandError, Terminal>
