import { isJsonObject, numberField, stringField } from "../Json.ts"
import type { JsonObject } from "../Json.ts"
import type { Campaign } from "./Campaign.ts"
import { isActive, isCampaignStatus } from "./CampaignStatus.ts"
import type { CampaignStatus } from "./CampaignStatus.ts"
import { Refusal } from "./Refusal.ts"
import { answerStatus } from "./StatusRules.ts"
import type { World } from "./World.ts"
import type { WriteOrigin } from "./WriteLog.ts"

/** Fields that a writer may send and the server keeps as they are. */
const READ_ONLY_FIELDS = ["id", "dateCreated", "dateModified", "errors", "selfUri"] as const
/** Fields that every write of a whole campaign must carry. */
const REQUIRED_FIELDS = [
  "name",
  "contactList",
  "dialingMode",
  "phoneColumns",
  "callerName",
  "callerAddress"
] as const
const DIALING_MODES: ReadonlySet<string> = new Set([
  "agentless",
  "preview",
  "power",
  "predictive",
  "progressive",
  "external"
])
/** Bounds of `maxCallsPerAgent` for which the platform's user interface asks. */
const CALLS_PER_AGENT = { minimum: 1, maximum: 15 }

const statusName = (status: CampaignStatus): string => status.toUpperCase()

const refuseTransition = (from: CampaignStatus, to: CampaignStatus): Refusal =>
  new Refusal(
    "invalid.update.bad.status.transition",
    `An attempt was made to update a Campaign in an invalid way. Details: Invalid transition from <${statusName(from)}> to <${statusName(to)}>`
  )

const constraint = (message: string): Refusal => new Refusal("constraint.validation", message)

/** Refuses what would take the organisation over its limit, or start a campaign that cannot run. */
export const checkActivation = (world: World, campaign: Campaign): void => {
  const errors = campaign.document["errors"]
  if (campaign.status === "invalid" && Array.isArray(errors) && errors.length > 0) {
    const first: unknown = errors[0]
    const detail = isJsonObject(first) ? stringField(first, "details") : undefined
    throw new Refusal(
      "invalid.update",
      `An attempt was made to update a Campaign in an invalid way. Details: ${detail ?? "the campaign is invalid"}`
    )
  }
  if (!isActive(campaign.status) && world.activeCount() >= world.activeLimit) {
    throw new Refusal(
      "active.campaigns.limit.exceeded",
      `The limit of ${world.activeLimit} active campaigns has been reached. Turn off at least one campaign and wait for it to stop before starting another.`
    )
  }
}

const checkCallsPerAgent = (body: JsonObject): void => {
  const value = body["maxCallsPerAgent"]
  if (value === undefined || value === null) return
  if (
    typeof value !== "number" ||
    value < CALLS_PER_AGENT.minimum ||
    value > CALLS_PER_AGENT.maximum
  ) {
    throw new Refusal(
      "invalid.max.calls.per.agent",
      "The value of maxCallsPerAgent must be between 1 and 15."
    )
  }
}

const checkReferences = (world: World, body: JsonObject): void => {
  const queue = body["queue"]
  if (isJsonObject(queue) && !world.queues.has(stringField(queue, "id") ?? "")) {
    throw new Refusal("queue.not.found", "The queue could not be found.")
  }
  const set = body["callableTimeSet"]
  if (isJsonObject(set) && !world.callableTimeSets.has(stringField(set, "id") ?? "")) {
    throw new Refusal("callable.time.set.not.found", "The callable time set could not be found.")
  }
}

/** The document after a full replacement: the writer's fields in the writer's order, the read-only ones as they were. */
const replaceDocument = (
  campaign: Campaign,
  body: JsonObject,
  wholeCallsPerAgent: boolean
): JsonObject => {
  const document: Record<string, JsonObject[string]> = { ...body }
  for (const field of [...READ_ONLY_FIELDS, "division"] as const) {
    const kept = campaign.document[field]
    // A division cannot be taken away; sent, it is taken over.
    if (field === "division" && body[field] !== undefined) continue
    if (kept === undefined) delete document[field]
    else document[field] = kept
  }
  // `version` and `campaignStatus` keep their place in the document; rendering fills them in.
  const calls = numberField(body, "maxCallsPerAgent")
  if (wholeCallsPerAgent && calls !== undefined) document["maxCallsPerAgent"] = Math.trunc(calls)
  return document
}

export interface PutOptions {
  /** The query `useMaxCallsPerAgentDecimal=true`; without it decimals are cut off. */
  readonly decimalCallsPerAgent: boolean
}

/** PUT of a whole campaign under its version. */
export const putCampaign = (
  world: World,
  campaign: Campaign,
  body: JsonObject,
  origin: WriteOrigin,
  options: PutOptions
): void => {
  const missing = REQUIRED_FIELDS.filter(
    (field) => body[field] === undefined || body[field] === null
  )
  if (missing.length > 0)
    throw constraint(`The following fields are required: ${missing.join(", ")}`)
  if (!DIALING_MODES.has(stringField(body, "dialingMode") ?? ""))
    throw constraint("dialingMode is not a known value")
  const asked = body["campaignStatus"]
  if (!isCampaignStatus(asked))
    throw constraint("campaignStatus is required and must be a known value")
  const version = numberField(body, "version")
  if (version === undefined) throw constraint("version is required for updates")
  if (version !== campaign.version) {
    throw new Refusal(
      "invalid.update.wrong.version",
      `An attempt was made to update a Campaign with the wrong version. Details: expected version <${campaign.version}> but was <${version}>`
    )
  }
  checkCallsPerAgent(body)
  checkReferences(world, body)
  const answer = answerStatus(campaign.status, asked, world.facts)
  if (answer === "refused") throw refuseTransition(campaign.status, asked)
  if (answer === "on") checkActivation(world, campaign)
  const document = replaceDocument(campaign, body, !options.decimalCallsPerAgent)
  world.change(campaign, { document, status: answer }, origin)
}

const PATCH_FIELDS: ReadonlySet<string> = new Set([
  "outboundLineCount",
  "abandonRate",
  "maxCallsPerAgent",
  "dynamicLineBalancingSettings",
  "queue"
])

/** PATCH of the few fields that the platform lets be changed without a version. */
export const patchCampaign = (
  world: World,
  campaign: Campaign,
  body: JsonObject,
  origin: WriteOrigin
): void => {
  const unknown = Object.keys(body).filter((key) => !PATCH_FIELDS.has(key))
  if (unknown.length > 0)
    throw new Refusal("invalid.property", `Unknown fields: ${unknown.join(", ")}`)
  checkCallsPerAgent(body)
  checkReferences(world, body)
  world.change(campaign, { document: { ...campaign.document, ...body } }, origin)
}

const conflict = (): Refusal =>
  new Refusal("request.conflict", "The request conflicts with the current state of the campaign.")

/** POST start: no version, and no effect on a campaign that is on. */
export const startCampaign = (world: World, campaign: Campaign, origin: WriteOrigin): void => {
  if (campaign.status === "on") {
    if (world.facts.startWhileOn === "refused") throw conflict()
    return
  }
  const answer = answerStatus(campaign.status, "on", world.facts)
  if (answer === "refused") throw conflict()
  checkActivation(world, campaign)
  world.change(campaign, { status: answer, bumpVersion: world.facts.startStopBumpsVersion }, origin)
}

/** POST stop: accepted at once, while the calls go on to their end. */
export const stopCampaign = (world: World, campaign: Campaign, origin: WriteOrigin): void => {
  if (campaign.status === "on") {
    world.change(
      campaign,
      { status: "stopping", bumpVersion: world.facts.startStopBumpsVersion },
      origin
    )
    return
  }
  const rule =
    campaign.status === "complete" ? world.facts.stopWhileComplete : world.facts.stopWhileOff
  if (rule === "refused") throw conflict()
}
