import type { Adders } from "./Adder.ts"
import { addCommand } from "./addCommand.ts"
import { overrideOptions, reasonOption, restartOption, severalTimes, toOption } from "./options.ts"

/** Commands that look at campaigns and change nothing. */
export const readCommands: Adders = {
  get: (program, starter) => {
    addCommand(program, "get", "List campaigns with their states, or show those named", [
      severalTimes(
        "--state <state>",
        "active, draining, paused, completed, archived or invalid; may be repeated"
      ),
      severalTimes("--division <division>", "a division, by id or name; may be repeated")
    ])
      .argument("[id...]", "campaign ids; all campaigns when none is given")
      .option("--name <prefix>", "campaigns whose name begins so")
      .option("--queue <queue>", "a queue, by id or name")
      .addHelpText(
        "after",
        "\nExamples:\n  $ campaignctl get --state active --queue Renewals\n  $ campaignctl get -o json | jq -r '.[].id'"
      )
      .action((ids: ReadonlyArray<string>, options: object) =>
        starter.start(({ get }) => get, ids, options)
      )
  },
  describe: (program, starter) => {
    addCommand(
      program,
      "describe",
      "Show one campaign, where it may go, and its newest audit entries",
      []
    )
      .argument("<id>", "campaign id")
      .action((id: string, options: object) =>
        starter.start(({ describe }) => describe, [id], options)
      )
  },
  explain: (program, starter) => {
    addCommand(
      program,
      "explain",
      "Say whether a change would be allowed now, and why; change nothing",
      [toOption(), reasonOption(), restartOption(), ...overrideOptions()]
    )
      .argument("<id>", "campaign id")
      .addHelpText(
        "after",
        "\nExample:\n  $ campaignctl explain 0b5d1c9e-4a9f-4d0e-9a64-1f6a3c1d2e3f --to active\n\nExit code: 0 where it is allowed or there already, 3 where it is not."
      )
      .action((id: string, options: object) =>
        starter.start(({ explain }) => explain, [id], options)
      )
  }
}
