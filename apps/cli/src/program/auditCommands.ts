import { Option } from "commander"
import type { Adders } from "./Adder.ts"
import { auditQueryOptions } from "./options.ts"
import { addCommand } from "./addCommand.ts"

/** None of them speaks to Genesys, so that none has a contract or needs credentials. */
const LEDGER_ALONE = { contract: false } as const

/** Commands on the ledger alone. */
export const auditCommands: Adders = {
  audit: (program, starter) => {
    const audit = program
      .command("audit")
      .description("Read, verify, export and sign the audit ledger")
    addCommand(audit, "list", "List the newest entries", auditQueryOptions(), LEDGER_ALONE)
      .addHelpText(
        "after",
        "\nExamples:\n  $ campaignctl audit list --since 24h --outcome rejected\n  $ campaignctl audit list --campaign ID -o json"
      )
      .action((options: object) => starter.start(({ auditList }) => auditList, [], options))
    addCommand(audit, "show", "Show one entry with its verdicts", [], LEDGER_ALONE)
      .argument("<entry>", "its sequence (#) or id")
      .action((entry: string, options: object) =>
        starter.start(({ auditShow }) => auditShow, [entry], options)
      )
    addCommand(
      audit,
      "verify",
      "Verify the whole chain; with a checkpoint, also that nothing was cut off since",
      [
        new Option("--checkpoint <file>", "a checkpoint that was kept elsewhere"),
        new Option("--public-key <file>", "the public key of whoever signed it, in PEM")
      ],
      LEDGER_ALONE
    )
      .addHelpText(
        "after",
        "\nExit code: 0 where all holds, 7 where the ledger is not what it should be."
      )
      .action((options: object) => starter.start(({ auditVerify }) => auditVerify, [], options))
    addCommand(
      audit,
      "export",
      "Write entries to stdout as NDJSON or CSV",
      [
        new Option("--format <format>", "ndjson (exact) or csv").default("ndjson"),
        ...auditQueryOptions()
      ],
      LEDGER_ALONE
    )
      .addHelpText(
        "after",
        "\nExample:\n  $ campaignctl audit export --format csv --since 2026-11-01 > november.csv"
      )
      .action((options: object) => starter.start(({ auditExport }) => auditExport, [], options))
    addCommand(
      audit,
      "checkpoint",
      "Verify the ledger and sign what it holds",
      [new Option("--key <file>", "an Ed25519 private key in PEM")],
      LEDGER_ALONE
    )
      .addHelpText(
        "after",
        "\nExample:\n  $ openssl genpkey -algorithm ed25519 -out key.pem\n  $ openssl pkey -in key.pem -pubout -out key.pub.pem\n  $ campaignctl audit checkpoint --key key.pem > checkpoint.json"
      )
      .action((options: object) =>
        starter.start(({ auditCheckpoint }) => auditCheckpoint, [], options)
      )
  }
}
