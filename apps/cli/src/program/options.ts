import { type Command, Option } from "commander"

/** Gathers the values of an option that may be given several times. */
const gathered = (value: string, before: ReadonlyArray<string> = []): ReadonlyArray<string> => [
  ...before,
  value
]

/** Options that every command has. */
export const withCommonOptions = (command: Command): Command =>
  command
    .optionsGroup("Common options:")
    .option("-o, --output <format>", "table, json or yaml; only the result is on stdout", "table")
    .option("--no-color", "no colours (NO_COLOR is respected too)")
    .option("-q, --quiet", "no progress and no hints on stderr")
    .option("--profile <file>", "YAML or JSON with configuration values; the environment wins")
    .helpOption("-h, --help", "show this help")

/** Options of commands that speak to Genesys. */
export const withContract = (command: Command): Command =>
  command.option("--contract <name>", "wire contract: platform or etag (GENESYS_CONTRACT)")

const REASONS = "AGENT_CAPACITY, COMPLIANCE, CUSTOMER_REQUEST or OTHER"

export const reasonOption = (): Option => new Option("--reason <reason>", `why: ${REASONS}`)

export const toOption = (): Option =>
  new Option("--to <state>", "active, paused, completed or archived")

export const restartOption = (): Option =>
  new Option("--restart", "dial a completed list again from its first record")

export const noteOption = (what = "kept in the audit; of an override, its reason"): Option =>
  new Option("--note <text>", what)

export const overrideOptions = (): ReadonlyArray<Option> => [
  new Option(
    "--override <guard>",
    "decide against a guard: capacity, callingWindow or slots; may be repeated, needs --note"
  ).argParser(gathered),
  noteOption()
]

export const dryRunOption = (): Option =>
  new Option("--dry-run", "decide and say what would be done; change nothing, write nothing")

export const yesOption = (): Option =>
  new Option("-y, --yes", "change more than 10 campaigns without being asked")

export const waitOption = (): Option =>
  new Option(
    "--wait [duration]",
    "wait until no call runs any more: 90s, 5m, 1h30m (10m unless said)"
  )

export const noDrainOption = (): Option =>
  new Option("--no-drain", "ask for running calls to be ended, where the contract can")

/** Options that choose audit entries. */
export const auditQueryOptions = (): ReadonlyArray<Option> => [
  new Option("--campaign <id>", "entries on this campaign"),
  new Option("--since <when>", "an instant, a date, or a duration ago such as 24h"),
  new Option("--until <when>", "the same; the instant itself is left out"),
  new Option(
    "--outcome <outcome>",
    "applied, already-there, rejected, failed, unknown or recovered"
  ),
  new Option(
    "--kind <kind>",
    "intent, outcome, rejection, drift, observed, delivery, halt-raised, halt-lifted, fleet-finished or rules-changed"
  ),
  new Option("--by <who>", "entries of this person"),
  new Option("--limit <n>", "so many entries at most")
]

export const severalTimes = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(gathered)
