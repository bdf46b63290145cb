import type { SupervisionPolicy } from "@campaignctl/core"
import type { Sight } from "./Sight.ts"
import type { Standing } from "./standing.ts"

const MS_PER_SECOND = 1_000

const at = (ms: number): string => {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? "an unknown time" : date.toISOString()
}

const agents = ({ agents: fact, minimumAgents }: Sight): string =>
  fact._tag === "AgentsAvailable"
    ? `${fact.available} of ${minimumAgents} agents available on ${fact.of}`
    : fact._tag === "Unknown"
      ? `the agents available are not known: ${fact.why}`
      : fact._tag === "NotAsked"
        ? "nobody has asked for the agents available"
        : "no agents needed"

const hours = ({ window }: Sight): string => {
  if (window._tag === "Unknown") return `its calling window is not known: ${window.why}`
  if (window._tag === "Closed")
    return `its calling window is closed${window.opensAt === undefined ? "" : ` until ${at(window.opensAt)}`}`
  return window.closesAt === undefined
    ? "its calling window does not close"
    : `its calling window closes at ${at(window.closesAt)}`
}

/** The sentences by which the guard explains itself, in the audit and to people. */
export const notes = {
  window: (sight: Sight, { closingMarginMs }: SupervisionPolicy): string =>
    `The guard pauses it because ${hours(sight)}${
      sight.window._tag === "Open"
        ? `, ${closingMarginMs / MS_PER_SECOND} seconds before which campaigns are paused`
        : ""
    }.`,
  unknownWindow: (sight: Sight, since: number): string =>
    `The guard pauses it because since ${at(since)} ${hours(sight)}`,
  shortOfAgents: (sight: Sight, since: number): string =>
    `The guard pauses it because of ${agents(sight)}, too few since ${at(since)}.`,
  resume: (sight: Sight, since: number): string =>
    `The guard ${sight.word?.kind === "drift" ? "starts again what was stopped elsewhere" : "resumes what it paused"}: ${agents(sight)}, and ${hours(sight)}; all right since ${at(since)}.`,
  waits: (sight: Sight, standing: Standing): string =>
    `It stays paused: ${standing.window === "open" ? agents(sight) : hours(sight)}.`,
  drift: ({ campaign: { status }, word }: Sight): string =>
    `Changed elsewhere: Genesys shows it ${status}, the last word on it was ${word?.says ?? "the guard's look before"}.`,
  revert: ({ word }: Sight): string =>
    `The guard takes back a start made elsewhere; the last word was ${word?.says ?? "its look before"}.`,
  leftRunning: (sight: Sight, policy: SupervisionPolicy): string =>
    `The guard would pause it (${agents(sight)}), but has changed it ${times(sight)} within the hour; its limit is ${policy.flapLimit}.`,
  staysPaused: (sight: Sight, policy: SupervisionPolicy): string =>
    `It stays paused: the guard has changed it ${times(sight)} within the hour, and its limit is ${policy.flapLimit}.`
} as const

const times = ({ acts }: Sight): string => (acts.length === 1 ? "once" : `${acts.length} times`)
