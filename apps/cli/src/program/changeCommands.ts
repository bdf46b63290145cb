import type { Option } from "commander"
import type { Adder, Adders } from "./Adder.ts"
import {
  dryRunOption,
  noDrainOption,
  noteOption,
  overrideOptions,
  reasonOption,
  restartOption,
  toOption,
  waitOption,
  yesOption
} from "./options.ts"
import { addCommand } from "./addCommand.ts"

interface ChangeCommand {
  readonly name: string
  readonly description: string
  /** The target that the command's name stands for; `transition` is told with `--to`. */
  readonly to?: string
  readonly options: () => ReadonlyArray<Option>
  readonly example: string
}

const ID = "0b5d1c9e-4a9f-4d0e-9a64-1f6a3c1d2e3f"

const CHANGES: ReadonlyArray<ChangeCommand> = [
  {
    name: "pause",
    to: "paused",
    description: "Stop dialling; running calls end by themselves",
    options: () => [reasonOption(), waitOption(), noDrainOption(), noteOption()],
    example: `campaignctl pause ${ID} --reason COMPLIANCE --wait 5m`
  },
  {
    name: "resume",
    to: "active",
    description: "Start dialling, where agents, calling window and limits allow it",
    options: () => [restartOption(), ...overrideOptions()],
    example: `campaignctl resume ${ID} --override callingWindow --note "agreed with the client"`
  },
  {
    name: "complete",
    to: "completed",
    description: "End a campaign for good, unless its list is to be dialled again",
    options: () => [waitOption(), noDrainOption(), noteOption()],
    example: `campaignctl complete ${ID} --note "campaign over"`
  },
  {
    name: "archive",
    to: "archived",
    description: "Put a campaign away; nothing leads back",
    options: () => [waitOption(), noDrainOption(), noteOption()],
    example: `campaignctl archive ${ID}`
  },
  {
    name: "transition",
    description: "Bring campaigns to a state",
    options: () => [
      toOption(),
      reasonOption(),
      waitOption(),
      noDrainOption(),
      restartOption(),
      ...overrideOptions()
    ],
    example: `campaignctl transition ${ID} --to paused --reason OTHER`
  }
]

const adderOf =
  ({ description, example, name, options, to }: ChangeCommand): Adder =>
  (program, starter) => {
    addCommand(program, name, description, [...options(), dryRunOption(), yesOption()])
      .argument("<id...>", "campaign ids")
      .addHelpText("after", `\nExample:\n  $ ${example}`)
      .action((ids: ReadonlyArray<string>, given: object) =>
        starter.start(({ change }) => change, ids, to === undefined ? given : { ...given, to })
      )
  }

/** Commands that change campaigns: they differ in the target alone. */
export const changeCommands: Adders = Object.fromEntries(
  CHANGES.map((change) => [change.name, adderOf(change)])
)
