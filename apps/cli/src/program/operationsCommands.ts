import { type Command, Option } from "commander"
import type { Adders } from "./Adder.ts"
import { addCommand } from "./addCommand.ts"
import {
  dryRunOption,
  noDrainOption,
  noteOption,
  overrideOptions,
  reasonOption,
  restartOption,
  severalTimes,
  toOption,
  waitOption,
  yesOption
} from "./options.ts"

const selectorOption = (parts = "name=EMEA*,division=ID,queue=ID,state=active,id=ID"): Option =>
  severalTimes("--selector <parts>", `which campaigns: all, or "${parts}"; may be repeated`)

const fileOption = (): Option =>
  new Option("-f, --file <file>", "the declarative file, YAML or JSON")

interface FleetCommand {
  readonly to: string
  readonly description: string
  readonly options: () => ReadonlyArray<Option>
}

const FLEET: Readonly<Record<string, FleetCommand>> = {
  pause: {
    to: "paused",
    description: "Stop many campaigns",
    options: () => [reasonOption(), waitOption(), noDrainOption(), noteOption("kept in the audit")]
  },
  resume: {
    to: "active",
    description: "Start many campaigns, each where its guards allow it",
    options: () => [restartOption(), ...overrideOptions()]
  },
  complete: {
    to: "completed",
    description: "End many campaigns",
    options: () => [waitOption(), noDrainOption(), noteOption("kept in the audit")]
  },
  archive: {
    to: "archived",
    description: "Put many campaigns away",
    options: () => [waitOption(), noDrainOption(), noteOption("kept in the audit")]
  }
}

const fleetOptions = (): ReadonlyArray<Option> => [
  new Option("--order <order>", "listed (as Genesys lists them), name or division"),
  new Option("--concurrency <n>", "campaigns changed at once, 1 to 100 (8 unless said)"),
  new Option("--max-failures <n>", "stop by itself once more have failed or were rejected"),
  new Option("--detach", "submit it and leave it to the process that carries operations on"),
  dryRunOption(),
  yesOption()
]

const LOOKS = { contract: false } as const

/** Commands on many campaigns, and on work that outlives a command. */
export const operationsCommands: Adders = {
  fleet: (program, starter) => {
    const fleet = program.command("fleet").description("Change many campaigns by one operation")
    for (const [name, { description, options, to }] of Object.entries(FLEET))
      addCommand(fleet, name, description, [selectorOption(), ...options(), ...fleetOptions()])
        .addHelpText(
          "after",
          `\nExample:\n  $ campaignctl fleet ${name} --selector "name=EMEA*"${name === "pause" ? " --reason CUSTOMER_REQUEST" : ""} --dry-run`
        )
        .action((given: object) =>
          starter.start(({ fleetChange }) => fleetChange, [], { ...given, to })
        )
  },
  operations: (program, starter) => {
    const operations = program.command("operations").description("Look at operations, steer them")
    addCommand(
      operations,
      "list",
      "List the newest operations",
      [
        severalTimes(
          "--status <status>",
          "pending, running, paused, succeeded, partial, failed or cancelled; may be repeated"
        ),
        new Option("--limit <n>", "so many at most (20 unless said)")
      ],
      LOOKS
    ).action((options: object) =>
      starter.start(({ operationsList }) => operationsList, [], options)
    )
    addCommand(operations, "show", "Show one with what went wrong in it", [], LOOKS)
      .argument("<id>", "the operation's id")
      .action((id: string, options: object) =>
        starter.start(({ operationsShow }) => operationsShow, [id], options)
      )
    addCommand(
      operations,
      "watch",
      "Follow one to its end; carries it on where no other process does",
      []
    )
      .argument("<id>", "the operation's id")
      .action((id: string, options: object) =>
        starter.start(({ operationsWatch }) => operationsWatch, [id], options)
      )
    addCommand(operations, "pause", "Begin nothing new until it is resumed", [], LOOKS)
      .argument("<id>", "the operation's id")
      .action((id: string, options: object) =>
        starter.start(({ operationsPause }) => operationsPause, [id], options)
      )
    addCommand(operations, "resume", "Go on with a paused one", [], LOOKS)
      .argument("<id>", "the operation's id")
      .action((id: string, options: object) =>
        starter.start(({ operationsResume }) => operationsResume, [id], options)
      )
    addCommand(operations, "cancel", "Begin nothing new any more; what was done stays", [], LOOKS)
      .argument("<id>", "the operation's id")
      .action((id: string, options: object) =>
        starter.start(({ operationsCancel }) => operationsCancel, [id], options)
      )
  },
  halt: (program, starter) => {
    const halt: Command = addCommand(
      program,
      "halt",
      "The panic stop: stop what dials, prove it, and refuse starts until it is lifted",
      [
        // No state: a campaign must not leave a halt by being stopped.
        selectorOption("name=EMEA*,division=ID,queue=ID,id=ID"),
        new Option("--name <name>", "by which it is lifted (halt unless said)"),
        new Option(
          "--reason <reason>",
          "AGENT_CAPACITY, COMPLIANCE, CUSTOMER_REQUEST or OTHER (COMPLIANCE unless said)"
        ),
        noteOption("kept in the audit"),
        new Option("--deadline <duration>", "give up proving it after this long (10m unless said)")
      ]
    )
      .addHelpText(
        "after",
        '\nExamples:\n  $ campaignctl halt --selector all\n  $ campaignctl halt list\n  $ campaignctl halt lift halt --note "cleared by compliance"\n\nIt asks no question. Exit code 0 only where a list proved that nothing dials and starts are refused.'
      )
      .action((options: object) => starter.start(({ halt }) => halt, [], options))
    addCommand(
      halt,
      "list",
      "List what holds",
      [new Option("--all", "also what was lifted")],
      LOOKS
    ).action((_options: object, command: Command) =>
      starter.start(({ haltList }) => haltList, [], command.optsWithGlobals())
    )
    addCommand(
      halt,
      "lift",
      "Allow starts again; starts nothing by itself",
      [noteOption("kept in the audit")],
      LOOKS
    )
      .argument("<name>", "the halt's name")
      .action((name: string, _options: object, command: Command) =>
        starter.start(({ haltLift }) => haltLift, [name], command.optsWithGlobals())
      )
  },
  plan: (program, starter) => {
    addCommand(program, "plan", "Show what differs from a declarative file", [
      fileOption(),
      new Option("--out <file>", "keep the plan, for apply --plan")
    ])
      .addHelpText(
        "after",
        "\nExit code 0 where nothing differs, 2 where something does.\n\nExample:\n  $ campaignctl plan -f fleet.yaml --out plan.json"
      )
      .action((options: object) => starter.start(({ plan }) => plan, [], options))
  },
  apply: (program, starter) => {
    addCommand(program, "apply", "Bring about what a declarative file wants", [
      fileOption(),
      new Option("--plan <file>", "refuse where anything has changed since this plan was made"),
      yesOption()
    ])
      .addHelpText("after", "\nExample:\n  $ campaignctl apply -f fleet.yaml --plan plan.json")
      .action((options: object) => starter.start(({ apply }) => apply, [], options))
  },
  schedule: (program, starter) => {
    const schedule = program
      .command("schedule")
      .description("Changes at set times; fired by a process that carries operations on")
    addCommand(
      schedule,
      "add",
      "Keep a schedule",
      [
        new Option("--name <name>", "by which it is found again"),
        selectorOption(),
        toOption(),
        new Option("--cron <line>", 'five fields, such as "0 20 * * Mon-Fri"'),
        new Option("--zone <zone>", "the zone of the line, such as Europe/Berlin"),
        severalTimes(
          "--at <instant>",
          "an instant with its offset, in place of a line; may be repeated"
        ),
        severalTimes("--except <date>", "a date on which it does not fire; may be repeated"),
        severalTimes("--extra <date>", "a date on which it fires all the same; may be repeated"),
        severalTimes(
          "--holiday <date>",
          "a date, or a list of CAMPAIGNCTL_HOLIDAY_LISTS, on which it starts nothing; may be repeated"
        ),
        new Option("--grace <duration>", "how late a missed start may be made up (5m unless said)"),
        reasonOption(),
        noDrainOption(),
        restartOption(),
        ...overrideOptions()
      ],
      LOOKS
    )
      .addHelpText(
        "after",
        '\nExample:\n  $ campaignctl schedule add --name evening --selector all --to paused --reason COMPLIANCE --cron "0 20 * * *" --zone Europe/Berlin'
      )
      .action((options: object) => starter.start(({ scheduleAdd }) => scheduleAdd, [], options))
    addCommand(schedule, "list", "List the schedules", [], LOOKS).action((options: object) =>
      starter.start(({ scheduleList }) => scheduleList, [], options)
    )
    addCommand(schedule, "remove", "Remove one; what it has begun goes on", [], LOOKS)
      .argument("<schedule>", "its name or id")
      .action((name: string, options: object) =>
        starter.start(({ scheduleRemove }) => scheduleRemove, [name], options)
      )
    addCommand(
      schedule,
      "next",
      "Show when one fires next",
      [new Option("--limit <n>", "so many instants (10 unless said)")],
      LOOKS
    )
      .argument("<schedule>", "its name or id")
      .action((name: string, options: object) =>
        starter.start(({ scheduleNext }) => scheduleNext, [name], options)
      )
  },
  guard: (program, starter) => {
    const guard = program.command("guard").description("The supervision that the service does")
    addCommand(guard, "status", "What is supervised, and what is done about it", [], LOOKS).action(
      (options: object) => starter.start(({ guardStatus }) => guardStatus, [], options)
    )
  },
  watch: (program, starter) => {
    const watch = program
      .command("watch")
      .description("What the service hears of changes that it did not make")
    addCommand(watch, "status", "Whether it is alive, and what it hears of", [], LOOKS).action(
      (options: object) => starter.start(({ watchStatus }) => watchStatus, [], options)
    )
  },
  cluster: (program, starter) => {
    const cluster = program.command("cluster").description("The processes that share the work")
    addCommand(cluster, "status", "Who is there, and who carries on what", [], LOOKS).action(
      (options: object) => starter.start(({ clusterStatus }) => clusterStatus, [], options)
    )
  }
}
