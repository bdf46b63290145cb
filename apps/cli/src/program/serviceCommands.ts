import { Option } from "commander"
import type { Adders } from "./Adder.ts"
import { addCommand } from "./addCommand.ts"
import { severalTimes } from "./options.ts"

const LEDGER_ALONE = { contract: false } as const

/** The HTTP service, and the keys with which others call it. */
export const serviceCommands: Adders = {
  serve: (program, starter) => {
    program
      .command("serve")
      .description(
        "Run the HTTP service; on an embedded simulator where no credentials of Genesys are set"
      )
      .option("--profile <file>", "YAML or JSON with configuration values; the environment wins")
      .option("--contract <name>", "wire contract: platform or etag (GENESYS_CONTRACT)")
      .helpOption("-h, --help", "show this help")
      .addHelpText(
        "after",
        "\nExample:\n  $ CAMPAIGNCTL_HTTP_PORT=8080 campaignctl serve\n\nSIGTERM ends it when what runs has ended; a second one at once."
      )
      .action((options: object) =>
        starter.hand(async () => (await import("../serve/serve.ts")).serve(options))
      )
  },
  key: (program, starter) => {
    const key = program.command("key").description("API keys of the HTTP service")
    addCommand(
      key,
      "create",
      "Make a key and print it, this once",
      [
        new Option("--name <name>", "who is to use it; stands in the audit"),
        severalTimes(
          "--scope <scope>",
          "campaigns:read, campaigns:operate, campaigns:override, campaigns:halt, audit:read, webhooks:manage or admin; may be repeated"
        ),
        severalTimes("--division <id>", "bind it to a division; may be repeated"),
        new Option("--expires <when>", "days such as 90d, or a date")
      ],
      LEDGER_ALONE
    )
      .addHelpText(
        "after",
        "\nExample:\n  $ campaignctl key create --name wfm --scope campaigns:read --scope campaigns:operate --expires 90d"
      )
      .action((options: object) => starter.start(({ keyCreate }) => keyCreate, [], options))
    addCommand(key, "list", "List the keys", [], LEDGER_ALONE).action((options: object) =>
      starter.start(({ keyList }) => keyList, [], options)
    )
    addCommand(key, "revoke", "Take a key back, at once", [], LEDGER_ALONE)
      .argument("<id>", "the key's id")
      .action((id: string, options: object) =>
        starter.start(({ keyRevoke }) => keyRevoke, [id], options)
      )
  }
}
