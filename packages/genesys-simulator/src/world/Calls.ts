import type { Random } from "../Random.ts"
import type { Call } from "./Call.ts"
import type { Campaign } from "./Campaign.ts"
import { idleAgents } from "./Queue.ts"
import type { Queue } from "./Queue.ts"
import { numberField, stringField } from "../Json.ts"

export interface CallTiming {
  /** Shortest and longest talk time in seconds. */
  readonly minimumSeconds: number
  readonly maximumSeconds: number
}

/** Short enough that a drain can be watched: 5 to 8 seconds with the ringing before it. */
export const DEFAULT_CALL_TIMING: CallTiming = { minimumSeconds: 3, maximumSeconds: 6.5 }

const SECOND = 1000
/** Longest ringing in seconds; a quarter of the longest talk when calls are made shorter than usual. */
const LONGEST_RING_SECONDS = 1.5
const RING_SHARE_OF_TALK = 0.25
/** Chance that a call is answered by a person. A plausible figure, not one of any real organisation. */
const ANSWER_RATE = 0.55
/** Chance per step that a free line is used. */
const DIAL_RATE = 0.35
/** Lines of a campaign that states no `outboundLineCount`. */
const DEFAULT_LINES = 8

export const placeCall = (random: Random, timing: CallTiming, now: number): Call => {
  const ring = Math.min(LONGEST_RING_SECONDS, timing.maximumSeconds * RING_SHARE_OF_TALK)
  const ringing = random.between(ring / 3, ring) * SECOND
  const talking = random.between(timing.minimumSeconds, timing.maximumSeconds) * SECOND
  return random.next() < ANSWER_RATE
    ? {
        answeredAt: now + ringing,
        endsAt: now + ringing + talking,
        answered: false,
        agentOf: undefined
      }
    : { answeredAt: undefined, endsAt: now + ringing, answered: false, agentOf: undefined }
}

const hangUp = (call: Call): void => {
  if (call.agentOf !== undefined) call.agentOf.interacting -= 1
  call.agentOf = undefined
}

/** Drops every call at once, as a campaign does whose drain was not asked for. */
export const dropCalls = (campaign: Campaign): void => {
  for (const call of campaign.calls) hangUp(call)
  campaign.calls = []
}

/** Answers and ends the calls whose time has come. A person who finds no idle agent is cut off. */
export const stepCalls = (campaign: Campaign, queue: Queue | undefined, now: number): void => {
  if (campaign.calls.length === 0) return
  const outstanding: Array<Call> = []
  for (const call of campaign.calls) {
    let abandoned = false
    if (!call.answered && call.answeredAt !== undefined && now >= call.answeredAt) {
      call.answered = true
      campaign.contacts.connects += 1
      if (queue !== undefined && !queue.held) {
        abandoned = idleAgents(queue) === 0
        if (!abandoned) {
          queue.interacting += 1
          call.agentOf = queue
        }
      }
    }
    if (abandoned || now >= call.endsAt) hangUp(call)
    else outstanding.push(call)
  }
  campaign.calls = outstanding
}

/** Dials the next contact when a line and, unless agentless, an agent may be free for it. */
export const dialNext = (
  campaign: Campaign,
  queue: Queue | undefined,
  timing: CallTiming,
  now: number
): void => {
  if (campaign.contacts.called >= campaign.contacts.total) return
  const lines = numberField(campaign.document, "outboundLineCount") ?? DEFAULT_LINES
  const ringing = campaign.calls.filter((call) => !call.answered).length
  const agentless = stringField(campaign.document, "dialingMode") === "agentless"
  const perAgent = numberField(campaign.document, "maxCallsPerAgent") ?? 1
  const wanted = agentless
    ? lines
    : Math.ceil((queue === undefined ? 0 : idleAgents(queue)) * perAgent)
  if (campaign.calls.length >= lines || ringing >= wanted) return
  if (campaign.random.next() >= DIAL_RATE) return
  campaign.contacts.called += 1
  campaign.contacts.attempts += 1
  campaign.calls.push(placeCall(campaign.random, timing, now))
}
