import { defaultGuardPolicy, type GuardPolicy } from "../decision/Policy.ts"
import { defaultRetryPolicy, type RetryPolicy } from "../retry/RetryPolicy.ts"
import { defaultCallingWindow } from "../window/CallingWindow.ts"
import { withHolidays } from "../window/withHolidays.ts"
import type { WindowConfig } from "./Config.ts"
import { matrixJson } from "./matrixJson.ts"
import { dates, oneOf, wholeNumber } from "./parsers.ts"
import type { Reader } from "./Reader.ts"
import { windowText } from "./windowText.ts"

/** Agents: more than any contact centre has, so that a number with a digit too many is found. */
const MOST_AGENTS = 100_000
/** Campaigns: Genesys' own limit is 50 and is raised on request, never to thousands. */
const MOST_ACTIVE = 10_000
/** Retries: with the back-off's cap, more than an hour of them. */
const MOST_RETRIES = 100
/** Milliseconds in a day: no request is worth a longer wait, and timers hold it. */
const LONGEST_WAIT_MS = 86_400_000

/** The rules that guards apply. */
export const readGuards = (reader: Reader): GuardPolicy => ({
  matrix: reader.optional("CAMPAIGNCTL_MATRIX", matrixJson) ?? defaultGuardPolicy.matrix,
  minimumAgents:
    reader.optional("CAMPAIGNCTL_MINIMUM_AGENTS", wholeNumber(0, MOST_AGENTS)) ??
    defaultGuardPolicy.minimumAgents,
  capacityScope:
    reader.optional("CAMPAIGNCTL_CAPACITY_SCOPE", oneOf(["campaign-queue", "all-queues"])) ??
    defaultGuardPolicy.capacityScope,
  activeLimit:
    reader.optional("CAMPAIGNCTL_ACTIVE_LIMIT", wholeNumber(1, MOST_ACTIVE)) ??
    defaultGuardPolicy.activeLimit
})

/** The calling window, with the holidays that were configured apart from it. */
export const readWindow = (reader: Reader): WindowConfig => {
  const holidays = reader.optional("CAMPAIGNCTL_HOLIDAYS", dates) ?? []
  const choice = reader.optional("CAMPAIGNCTL_CALLING_WINDOW", windowText)
  return choice?._tag === "CampaignTimeSet"
    ? { _tag: "CampaignTimeSet", holidays }
    : { _tag: "Fixed", window: withHolidays(choice?.window ?? defaultCallingWindow, holidays) }
}

/** When and how often to try again. */
export const readRetry = (reader: Reader): RetryPolicy => {
  const wait = wholeNumber(1, LONGEST_WAIT_MS)
  const policy: RetryPolicy = {
    baseMs: reader.optional("CAMPAIGNCTL_RETRY_BASE_MS", wait) ?? defaultRetryPolicy.baseMs,
    factor: defaultRetryPolicy.factor,
    capMs: reader.optional("CAMPAIGNCTL_RETRY_CAP_MS", wait) ?? defaultRetryPolicy.capMs,
    maxRetries:
      reader.optional("CAMPAIGNCTL_MAX_RETRIES", wholeNumber(0, MOST_RETRIES)) ??
      defaultRetryPolicy.maxRetries,
    deadlineMs:
      reader.optional("CAMPAIGNCTL_RETRY_DEADLINE_MS", wait) ?? defaultRetryPolicy.deadlineMs
  }
  if (policy.capMs < policy.baseMs)
    reader.reject(
      reader.isSet("CAMPAIGNCTL_RETRY_CAP_MS")
        ? "CAMPAIGNCTL_RETRY_CAP_MS"
        : "CAMPAIGNCTL_RETRY_BASE_MS",
      "a cap that is not below the base",
      `cap ${policy.capMs}, base ${policy.baseMs}`
    )
  return policy
}
