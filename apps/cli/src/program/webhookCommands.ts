import { type Command, Option } from "commander"
import type { Adders } from "./Adder.ts"
import { addCommand } from "./addCommand.ts"
import { severalTimes } from "./options.ts"
import type { Starter } from "./Starter.ts"

/** All but `register` speak to receivers and the ledger's database alone. */
const LEDGER_ALONE = { contract: false } as const

/** Picks the command that is meant. */
type Choose = Parameters<Starter["start"]>[0]

/** Signed messages to other systems. */
export const webhookCommands: Adders = {
  webhook: (program, starter) => {
    const webhook = program
      .command("webhook")
      .description("Tell other systems, with signed messages that the service sends")
    addCommand(
      webhook,
      "add",
      "Tell an address from now on; prints a secret, this once",
      [
        severalTimes(
          "--event <type>",
          "campaign.state.changed, campaign.transition.rejected, campaign.drift.detected, campaign.drained, fleet.finished, halt.raised or halt.lifted; all unless said; may be repeated"
        ),
        severalTimes("--division <id>", "of campaigns of a division alone; may be repeated"),
        severalTimes("--campaign <id>", "of a campaign alone; may be repeated"),
        new Option("--description <text>", "for whoever lists it"),
        new Option("--retry-for <duration>", "try a message again for so long (72h unless said)"),
        new Option("--secret-file <file>", "a secret of your own: a file, or - for stdin")
      ],
      LEDGER_ALONE
    )
      .argument("<url>", "https, unless CAMPAIGNCTL_WEBHOOK_ALLOW names the host")
      .addHelpText(
        "after",
        "\nExample:\n  $ campaignctl webhook add https://wfm.example.com/hook --event campaign.state.changed"
      )
      .action((url: string, options: object) =>
        starter.start(({ webhookAdd }) => webhookAdd, [url], options)
      )
    addCommand(webhook, "list", "List who is told", [], LEDGER_ALONE).action((options: object) =>
      starter.start(({ webhookList }) => webhookList, [], options)
    )
    const onOne = (
      name: string,
      description: string,
      choose: Choose,
      own: ReadonlyArray<Option> = []
    ): Command =>
      addCommand(webhook, name, description, own, LEDGER_ALONE)
        .argument("<subscription>", "the subscription's id")
        .action((id: string, options: object) => starter.start(choose, [id], options))
    onOne("show", "Show one subscription", ({ webhookShow }) => webhookShow)
    onOne(
      "remove",
      "Remove one with what waits to be sent to it",
      ({ webhookRemove }) => webhookRemove,
      [new Option("-y, --yes", "remove it without being asked")]
    )
    onOne("enable", "Send to it again", ({ webhookEnable }) => webhookEnable)
    onOne(
      "disable",
      "Send nothing to it until it is enabled",
      ({ webhookDisable }) => webhookDisable
    )
    onOne(
      "rotate-secret",
      "Make a new secret and print it, this once",
      ({ webhookRotateSecret }) => webhookRotateSecret,
      [
        new Option(
          "--retire-after <duration>",
          "sign with the old one too for so long, or now (24h unless said)"
        )
      ]
    )
    onOne(
      "test",
      "Send one message now, and show the answer",
      ({ webhookTest }) => webhookTest
    ).addHelpText("after", "\nExit code: 0 where the receiver took it, 7 where it did not.")
    addCommand(
      webhook,
      "deliveries",
      "List the newest messages with what came of them, or show one with every attempt",
      [
        new Option("--subscription <id>", "those to one subscription"),
        new Option("--status <status>", "pending, delivered or dead"),
        new Option("--limit <n>", "so many at most (20 unless said)"),
        new Option("--before <delivery>", "those before this one")
      ],
      LEDGER_ALONE
    )
      .argument("[delivery]", "the delivery's id")
      .action((id: string | undefined, options: object) =>
        starter.start(
          ({ webhookDeliveries }) => webhookDeliveries,
          id === undefined ? [] : [id],
          options
        )
      )
    addCommand(
      webhook,
      "redeliver",
      "Send a message again, or all that were given up",
      [new Option("--all-dead <subscription>", "all of a subscription that were given up")],
      LEDGER_ALONE
    )
      .argument("[delivery]", "the delivery's id")
      .action((id: string | undefined, options: object) =>
        starter.start(
          ({ webhookRedeliver }) => webhookRedeliver,
          id === undefined ? [] : [id],
          options
        )
      )
    addCommand(
      webhook,
      "register",
      "Ask Genesys for campaign updates to be reported to an address; ETag contract alone",
      []
    )
      .option("--url <address>", "the address (WEBHOOK_CALLBACK_URL)")
      .action((options: object) =>
        starter.start(({ webhookRegister }) => webhookRegister, [], options)
      )
  }
}
