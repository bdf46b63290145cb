import { referenceId, sameJson } from "../Json.ts"
import type { JsonObject } from "../Json.ts"
import { seededRandom } from "../Random.ts"
import type { Random } from "../Random.ts"
import type { CallableTimeSet } from "./CallableTimeSet.ts"
import { DEFAULT_CALL_TIMING, dialNext, dropCalls, stepCalls } from "./Calls.ts"
import type { CallTiming } from "./Calls.ts"
import { campaignName } from "./Campaign.ts"
import type { Campaign, Disposition } from "./Campaign.ts"
import { ACTIVE_CAMPAIGN_LIMIT, isActive } from "./CampaignStatus.ts"
import type { CampaignStatus } from "./CampaignStatus.ts"
import type { Division } from "./Division.ts"
import { EventLog } from "./EventLog.ts"
import type { DialerEvent } from "./EventLog.ts"
import { stepQueue } from "./Queue.ts"
import type { Queue } from "./Queue.ts"
import { DEFAULT_UNKNOWN_FACTS } from "./UnknownFacts.ts"
import type { UnknownFacts } from "./UnknownFacts.ts"
import { WriteLog } from "./WriteLog.ts"
import type { WriteOrigin } from "./WriteLog.ts"

/** Milliseconds of one step of the world: short against a ring, long against the work of a step. */
export const STEP_MILLISECONDS = 100
/** Milliseconds that are lived through, not skipped, after a process slept: an hour. */
const LONGEST_CATCH_UP = 3_600_000

/** Fields whose truth is kept beside the document, or that every write changes. */
const LIVE_FIELDS: ReadonlySet<string> = new Set(["version", "campaignStatus", "dateModified"])

export interface WorldOptions {
  readonly seed: number
  readonly now: number
  readonly unknownFacts?: Partial<UnknownFacts>
  readonly callTiming?: CallTiming
  /** Campaigns that may be on, stopping or forced_stopping at one time. */
  readonly activeLimit?: number
}

export interface CampaignChange {
  readonly document?: JsonObject
  readonly status?: CampaignStatus
  /** `null` takes it away. */
  readonly disposition?: Disposition | null
  /** False where the platform would not raise the version; true unless said. */
  readonly bumpVersion?: boolean
}

/** Who is told of what happens in the world, while it happens. */
export interface WorldWatcher {
  /** A campaign's status or version is no longer what it was. */
  changed(campaign: Campaign): void
  /** The world lived up to this instant. */
  lived(now: number): void
}

/** The whole organisation. It moves only when told to, and the same commands on the same seed repeat it exactly. */
export class World {
  readonly random: Random
  readonly campaigns = new Map<string, Campaign>()
  readonly queues = new Map<string, Queue>()
  readonly divisions = new Map<string, Division>()
  readonly callableTimeSets = new Map<string, CallableTimeSet>()
  readonly writes = new WriteLog()
  readonly events = new EventLog()
  readonly callTiming: CallTiming
  readonly activeLimit: number
  readonly createdAt: number
  facts: UnknownFacts
  now: number
  watcher: WorldWatcher | undefined
  readonly #eventIds: Random
  /** On, stopping or forced_stopping: the few that a step of a large organisation has to look at. */
  readonly #active = new Set<Campaign>()

  constructor(options: WorldOptions) {
    this.random = seededRandom(options.seed)
    this.#eventIds = this.random.fork("events")
    this.now = options.now
    this.createdAt = options.now
    this.callTiming = options.callTiming ?? DEFAULT_CALL_TIMING
    this.activeLimit = options.activeLimit ?? ACTIVE_CAMPAIGN_LIMIT
    this.facts = { ...DEFAULT_UNKNOWN_FACTS, ...options.unknownFacts }
  }

  queueOf(campaign: Campaign): Queue | undefined {
    const id = referenceId(campaign.document, "queue")
    return id === undefined ? undefined : this.queues.get(id)
  }

  activeCount(): number {
    return this.#active.size
  }

  add(campaign: Campaign): void {
    this.campaigns.set(campaign.id, campaign)
    if (isActive(campaign.status)) this.#active.add(campaign)
  }

  /** Lives through the time up to `instant`, step by step. */
  advanceTo(
    instant: number,
    { skipLongSleep = true }: { readonly skipLongSleep?: boolean } = {}
  ): void {
    if (skipLongSleep && instant - this.now > LONGEST_CATCH_UP)
      this.now = instant - LONGEST_CATCH_UP
    while (this.now + STEP_MILLISECONDS <= instant) {
      this.now += STEP_MILLISECONDS
      this.#step()
    }
  }

  /** Applies one change, and logs it. Every change of a campaign, whoever makes it, comes through here. */
  change(campaign: Campaign, change: CampaignChange, origin: WriteOrigin): void {
    const before = {
      status: campaign.status,
      version: campaign.version,
      document: campaign.document
    }
    const status = change.status ?? before.status
    if (change.document !== undefined) campaign.document = change.document
    if (status !== before.status) this.#enter(campaign, before.status, status)
    if (change.disposition !== undefined) campaign.disposition = change.disposition ?? undefined
    if (change.bumpVersion !== false) campaign.version += 1
    const changedFields = Object.keys({ ...before.document, ...campaign.document }).filter(
      (key) => !LIVE_FIELDS.has(key) && !sameJson(before.document[key], campaign.document[key])
    )
    if (status !== before.status) changedFields.push("campaignStatus")
    const time = new Date(this.now).toISOString()
    campaign.document = { ...campaign.document, dateModified: time }
    this.writes.append({
      ...origin,
      time,
      campaignId: campaign.id,
      from: before.status,
      to: status,
      versionBefore: before.version,
      versionAfter: campaign.version,
      changedFields
    })
    if (status !== before.status || campaign.version !== before.version)
      this.watcher?.changed(campaign)
  }

  note(campaign: Campaign, level: DialerEvent["level"], code: string, message: string): void {
    this.events.append({
      id: this.#eventIds.guid(),
      time: this.now,
      campaignId: campaign.id,
      campaignName: campaignName(campaign),
      level,
      code,
      message
    })
  }

  #enter(campaign: Campaign, from: CampaignStatus, to: CampaignStatus): void {
    campaign.status = to
    if (isActive(to)) this.#active.add(campaign)
    else {
      this.#active.delete(campaign)
      dropCalls(campaign)
    }
    if (to === "on") {
      campaign.disposition = undefined
      // A completed list is dialed from its first record again.
      if (from === "complete") campaign.contacts.called = 0
    }
    if (to === "off") this.note(campaign, "INFO", "CAMPAIGN_STOPPED", "The campaign was stopped.")
    if (to === "forced_off") {
      this.note(
        campaign,
        "WARNING",
        "CAMPAIGN_FORCE_STOPPED",
        "The campaign was stopped by the platform."
      )
    }
    if (to === "invalid")
      this.note(campaign, "ERROR", "CAMPAIGN_INVALIDATED", "The campaign is no longer valid.")
  }

  #step(): void {
    for (const queue of this.queues.values()) stepQueue(queue, this.now)
    for (const campaign of this.#active) this.#stepCampaign(campaign)
    this.watcher?.lived(this.now)
  }

  #stepCampaign(campaign: Campaign): void {
    const queue = this.queueOf(campaign)
    stepCalls(campaign, queue, this.now)
    if (campaign.status === "on") dialNext(campaign, queue, this.callTiming, this.now)
    if (campaign.calls.length > 0) return
    const bumpVersion = this.facts.drainEndBumpsVersion
    if (campaign.status === "stopping" || campaign.status === "forced_stopping") {
      const status = campaign.status === "stopping" ? "off" : "forced_off"
      this.change(
        campaign,
        { status, bumpVersion },
        { contract: "none", by: "dialer", via: "drain-end" }
      )
      return
    }
    const exhausted = campaign.contacts.called >= campaign.contacts.total
    if (exhausted && campaign.document["alwaysRunning"] !== true) {
      this.change(
        campaign,
        { status: "complete", bumpVersion },
        { contract: "none", by: "dialer", via: "list-end" }
      )
    }
  }
}
