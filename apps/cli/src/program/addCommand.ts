import type { Command, Option } from "commander"
import { withCommonOptions, withContract } from "./options.ts"

/** A command with the options that all have, its own first. */
export const addCommand = (
  parent: Command,
  name: string,
  description: string,
  own: ReadonlyArray<Option>,
  { contract = true }: { readonly contract?: boolean } = {}
): Command => {
  const command = parent.command(name).description(description)
  for (const option of own) command.addOption(option)
  withCommonOptions(command)
  return contract ? withContract(command) : command
}
