import type { commands } from "../commands/all.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"

/** Every command; loaded only when one is given. */
type Commands = typeof commands

/** What the command line asks for, for `main` to carry out. */
export interface Starter {
  /** Runs a command of the usual kind. */
  readonly start: <Options extends object>(
    choose: (all: Commands) => (input: CommandInput<Options>) => CommandEffect,
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
