import type { Command } from "commander"
import type { Starter } from "./Starter.ts"

/** Adds one command, with its options and help, to the command line. */
export type Adder = (program: Command, starter: Starter) => void

/** Adders by the word that asks for their command. */
export type Adders = Readonly<Record<string, Adder>>
