import { Command } from "commander"
import { addAuditCommands } from "./auditCommands.ts"
import { addCommand } from "./addCommand.ts"
import { addChangeCommands } from "./changeCommands.ts"
import { overrideOptions, reasonOption, restartOption, severalTimes, toOption } from "./options.ts"
import type { Starter } from "./Starter.ts"

const SUMMARY =
  "Changes the execution state of Genesys Cloud outbound campaigns safely: decides whether a change\nis allowed and says why, applies it under an optimistic lock, and keeps an audit trail."

const AFTERWORD = `
Examples:
  $ campaignctl get --state active
  $ campaignctl pause 0b5d1c9e-4a9f-4d0e-9a64-1f6a3c1d2e3f --reason CUSTOMER_REQUEST --wait
  $ campaignctl explain 0b5d1c9e-4a9f-4d0e-9a64-1f6a3c1d2e3f --to active
  $ campaignctl demo

Set OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and GENESYS_REGION; "campaignctl doctor" looks at all of it.
Exit codes: 0 done or already there, 1 unexpected, 2 usage or configuration, 3 refused, 4 conflict or
retries exhausted, 5 authentication or permission, 6 not found, 7 Genesys or ledger unavailable,
8 outcome unknown, 9 partly done.`

/** The whole command line. Knows words and help alone; what they mean is in the commands' own modules. */
export const makeProgram = (starter: Starter): Command => {
  // Commands take over how errors are shown and how the program ends when they are added, so this comes first.
  const program = new Command("campaignctl")
    .exitOverride()
    .configureOutput({
      writeOut: starter.writeOut,
      writeErr: starter.writeErr,
      outputError: () => undefined
    })
    .description(SUMMARY)
    .addHelpText("after", AFTERWORD)
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .option("-V, --version", "print the version")
    .on("option:version", starter.printVersion)

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
      starter.start(() => import("../commands/get.ts"), ids, options)
    )
  addCommand(
    program,
    "describe",
    "Show one campaign, where it may go, and its newest audit entries",
    []
  )
    .argument("<id>", "campaign id")
    .action((id: string, options: object) =>
      starter.start(() => import("../commands/describe.ts"), [id], options)
    )
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
      starter.start(() => import("../commands/explain.ts"), [id], options)
    )
  addChangeCommands(program, starter)
  addAuditCommands(program, starter)
  addSystemCommands(program, starter)
  return program
}

const addSystemCommands = (program: Command, starter: Starter): void => {
  const webhook = program.command("webhook").description("Webhooks of the ETag contract")
  addCommand(webhook, "register", "Ask for campaign updates to be reported to an address", [])
    .option("--url <address>", "the address (WEBHOOK_CALLBACK_URL)")
    .action((options: object) =>
      starter.start(() => import("../commands/webhookRegister.ts"), [], options)
    )
  addCommand(
    program,
    "doctor",
    "Look at configuration, token, clock, permissions, limits and ledger",
    []
  ).action((options: object) => starter.start(() => import("../commands/doctor.ts"), [], options))
  addCommand(program, "explain-error", "Say what an error code means and what to do", [], {
    contract: false
  })
    .argument("[code]", "such as TRANSITION_REJECTED; all codes when none is given")
    .action((code: string | undefined, options: object) =>
      starter.start(
        () => import("../commands/explainError.ts"),
        code === undefined ? [] : [code],
        options
      )
    )
  program
    .command("simulator")
    .description("Run a local Genesys Cloud; campaignctl simulator --help lists its options")
    .helpOption(false)
    .allowUnknownOption()
    .argument("[options...]")
    .action((words: ReadonlyArray<string>) =>
      starter.hand(async () => {
        const { runSimulatorProgram } = await import("@campaignctl/genesys-simulator")
        return runSimulatorProgram(words)
      })
    )
  program
    .command("demo")
    .description("Show the main job end to end against a local simulator; takes half a minute")
    .helpOption("-h, --help", "show this help")
    .action(() =>
      starter.hand(async () => (await import("../demo/demo.ts")).demo(starter.launcher))
    )
}
