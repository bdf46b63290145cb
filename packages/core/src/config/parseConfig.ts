import { Result } from "effect"
import { ConfigInvalid } from "../errors/errors.ts"
import type { RetryPolicy } from "../retry/RetryPolicy.ts"
import { type Config, type GenesysConfig, sqliteLedger } from "./Config.ts"
import { holidayListsJson } from "./holidayListsJson.ts"
import { ledgerUrl } from "./ledgerUrl.ts"
import { DEFAULT_GOVERNANCE_LEVEL } from "./pages.ts"
import { line, oneOf } from "./parsers.ts"
import type { Profile } from "./profileText.ts"
import { type Environment, makeReader } from "./Reader.ts"
import { readGenesys } from "./readGenesys.ts"
import { readGuards, readRetry, readWindow } from "./readPolicies.ts"
import { readSupervision } from "./readSupervision.ts"
import { readWebhooks } from "./readWebhooks.ts"

/** Longest governance level, in characters: a label, not a sentence. */
const LEVEL_LIMIT = 40
/** Longest name of who asks, in characters: as long as an e-mail address may be. Source: RFC 5321. */
const NAME_LIMIT = 254

/** What the program that asks knows better than the core. */
export interface ConfigDefaults {
  /** The ledger's file where none is configured. */
  readonly ledgerFile: string
}

/** A file in the directory of the process. */
export const defaultConfigDefaults: ConfigDefaults = { ledgerFile: "campaignctl.db" }

/**
 * The configuration from the environment and, for what it does not set, from a profile's values
 * under the same names. Blank text counts as not set.
 *
 * Pure: reads nothing by itself. Fails with every problem at once, each with the name under which
 * the value was set; a secret's value is in none of them.
 */
export const parseConfig = (
  env: Environment,
  profile: Profile = {},
  defaults: ConfigDefaults = defaultConfigDefaults
): Result.Result<Config, ConfigInvalid> => {
  const reader = makeReader(env, profile)
  const genesys = readGenesys(reader)
  const guards = readGuards(reader)
  const window = readWindow(reader)
  const retry = readRetry(reader)
  const supervision = readSupervision(reader)
  const holidayLists = reader.optional("CAMPAIGNCTL_HOLIDAY_LISTS", holidayListsJson) ?? {}
  const ledger =
    reader.optional("CAMPAIGNCTL_DATABASE_URL", ledgerUrl) ?? sqliteLedger(defaults.ledgerFile)
  const governanceLevel =
    reader.optional("CAMPAIGNCTL_GOVERNANCE_LEVEL", line(LEVEL_LIMIT)) ?? DEFAULT_GOVERNANCE_LEVEL
  const requestedBy = reader.optional("CAMPAIGNCTL_REQUESTED_BY", line(NAME_LIMIT))
  const webhooks = readWebhooks(reader)
  const watch = reader.optional("CAMPAIGNCTL_WATCH", oneOf(["on", "off"])) ?? "on"
  const problems = reader.problems()
  if (problems.length > 0) return Result.fail(new ConfigInvalid({ problems }))
  return Result.succeed({
    genesys: withinDeadline(genesys, retry),
    guards,
    window,
    retry,
    supervision,
    holidayLists,
    ledger,
    governanceLevel,
    watch: watch === "on",
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...webhooks
  })
}

/** Milliseconds of one window of Genesys' rate limit, which a client may have to wait for: a minute, and a second for its reset to be seen. */
const RATE_WINDOW_MS = 61_000

/** Who allows less time than the rate limit's window is not made to wait for the whole of it. */
const withinDeadline = (genesys: GenesysConfig, { deadlineMs }: RetryPolicy): GenesysConfig =>
  deadlineMs < RATE_WINDOW_MS ? { ...genesys, pacingPatienceMs: deadlineMs } : genesys
