import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"

/** A command's module, loaded only when the command is given. */
export interface CommandModule<Options> {
  readonly command: (input: CommandInput<Options>) => CommandEffect
}

/** What the command line asks for, for `main` to carry out. */
export interface Starter {
  /** Runs a command of the usual kind. */
  readonly start: <Options extends object>(
    load: () => Promise<CommandModule<Options>>,
    args: ReadonlyArray<string>,
    options: Options
  ) => Promise<void>
  /** Runs a program that takes its arguments, signals and streams by itself. */
  readonly hand: (program: () => Promise<number>) => Promise<void>
  /** The path of the program that people start. */
  readonly launcher: string
  readonly printVersion: () => void
  readonly writeOut: (text: string) => void
  readonly writeErr: (text: string) => void
}
