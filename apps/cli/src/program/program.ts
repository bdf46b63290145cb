import { Command } from "commander"
import type { Adder, Adders } from "./Adder.ts"
import { auditCommands } from "./auditCommands.ts"
import { changeCommands } from "./changeCommands.ts"
import { operationsCommands } from "./operationsCommands.ts"
import { readCommands } from "./readCommands.ts"
import { serviceCommands } from "./serviceCommands.ts"
import type { Starter } from "./Starter.ts"
import { systemCommands } from "./systemCommands.ts"
import { webhookCommands } from "./webhookCommands.ts"

const SUMMARY =
  "Changes the execution state of Genesys Cloud outbound campaigns safely: decides whether a change is allowed and says why, applies it under an optimistic lock, and keeps an audit trail."

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
export const makeProgram = (starter: Starter, firstWord?: string): Command => {
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

  for (const add of wanted(firstWord)) add(program, starter)
  return program
}

const adders: Adders = {
  ...readCommands,
  ...changeCommands,
  ...operationsCommands,
  ...auditCommands,
  ...serviceCommands,
  ...webhookCommands,
  ...systemCommands
}

/** The one command that is asked for, to save the time of all others; all where it is not clear. */
const wanted = (word: string | undefined): ReadonlyArray<Adder> => {
  const asked = word !== undefined && Object.hasOwn(adders, word) ? adders[word] : undefined
  return asked === undefined ? Object.values(adders) : [asked]
}
