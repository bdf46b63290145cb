import type { GatewayError } from "@campaignctl/core"
import { Effect, Random } from "effect"
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, SLOW_PAUSE_MS } from "./limits.ts"
import type { SocketRefused } from "./Socket.ts"

/** Why a channel could not be brought up. */
export type ChannelFailure = GatewayError | SocketRefused

/** What nobody but a person can change: tried again seldom. */
const SLOW: ReadonlySet<ChannelFailure["_tag"]> = new Set(["NotAuthenticated", "PermissionMissing"])

/** Failures that say nothing about the channel itself, whatever their status. */
const ABOUT_OTHERS: ReadonlySet<ChannelFailure["_tag"]> = new Set([
  "NotAuthenticated",
  "RateLimited",
  "BudgetUnavailable"
])

/** A status from 400 on speaks of what was asked for, and from 500 on of the server. */
const CLIENT_ERROR = 400
const SERVER_ERROR = 500
/** Too many upgrades at once: the channel is as good as before. */
const TOO_MANY_REQUESTS = 429

const statusOf = (failure: ChannelFailure): number | undefined =>
  "status" in failure ? failure.status : undefined

/** Whether the channel that failed so may be tried again; otherwise a new one takes its place. */
export const channelSurvives = (failure: ChannelFailure): boolean => {
  if (ABOUT_OTHERS.has(failure._tag)) return true
  if (failure._tag !== "GenesysUnavailable" && failure._tag !== "SocketRefused") return false
  const status = statusOf(failure)
  if (failure._tag === "SocketRefused" && failure.ofChannel !== undefined) return false
  return (
    status === undefined ||
    status < CLIENT_ERROR ||
    status >= SERVER_ERROR ||
    status === TOO_MANY_REQUESTS
  )
}

/** The longest pause, in milliseconds, after so many failures in a row. */
const pauseCeiling = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1))

/**
 * Milliseconds until the next attempt: full jitter under a ceiling that doubles, on top of what the
 * server asked for, so that channels which were refused together do not come back together.
 */
export const pauseAfter = (
  failures: number,
  failure: ChannelFailure | undefined
): Effect.Effect<number> =>
  Effect.map(Random.next, (random) => {
    if (failure !== undefined && SLOW.has(failure._tag)) return SLOW_PAUSE_MS * (1 + random)
    const asked =
      failure !== undefined && "retryAfterMs" in failure ? (failure.retryAfterMs ?? 0) : 0
    return asked + random * pauseCeiling(failures)
  })
