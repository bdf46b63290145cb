import { Effect } from "effect"
import type { CommandEffect, CommandInput } from "./CommandInput.ts"

/** Commands whose modules are loaded when one of them is asked for. */
export const laterFrom =
  <All>(load: () => Promise<All>) =>
  <Options>(pick: (all: All) => (input: CommandInput<Options>) => CommandEffect) =>
  (input: CommandInput<Options>): CommandEffect =>
    Effect.flatMap(Effect.promise(load), (all) => pick(all)(input))
