import { apiRoutes } from "../http/routes/routes.ts"
import { loginRoutes } from "../http/routes/tokens.ts"
import type { FaultEffect, FaultKind, FaultMoment, FaultRequest } from "../http/Faults.ts"
import { template } from "../http/Route.ts"
import { CAMPAIGN_STATUSES } from "../world/CampaignStatus.ts"
import { ControlError } from "./ControlError.ts"
import { Fields } from "./Fields.ts"
import { isJsonObject } from "../Json.ts"
import type { JsonObject } from "../Json.ts"

const MOMENTS: ReadonlyArray<FaultMoment> = ["before", "after"]
const LOWEST_STATUS = 400
const HIGHEST_STATUS = 599

const when = (fields: Fields): { readonly when?: FaultMoment } => {
  const moment = fields.oneOf("when", MOMENTS)
  return moment === undefined ? {} : { when: moment }
}

const stringRecord = (object: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      if (typeof value !== "string")
        throw new ControlError(`The header "${name}" must be a string.`)
      return [name, value]
    })
  )

const readStatus = (fields: Fields): FaultEffect => {
  const status = fields.number("status", LOWEST_STATUS)
  if (status !== undefined && status > HIGHEST_STATUS)
    throw new ControlError(`"status" must be from 400 to 599.`)
  const code = fields.string("code")
  const message = fields.string("message")
  const headers = fields.object("headers")
  return {
    kind: "status",
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(headers === undefined ? {} : { headers: stringRecord(headers) }),
    ...when(fields)
  }
}

const readRateLimited = (fields: Fields): FaultEffect => {
  const raw = fields.value("retryAfter")
  if (raw !== undefined && raw !== null && typeof raw !== "string" && typeof raw !== "number") {
    throw new ControlError(
      `"retryAfter" must be a string as the header shall carry it, a number of seconds, or null for none.`
    )
  }
  const ahead = fields.number("retryAfterDateSeconds", Number.NEGATIVE_INFINITY)
  return {
    kind: "rateLimited",
    ...(raw === undefined ? {} : { retryAfter: raw === null ? null : String(raw) }),
    ...(ahead === undefined ? {} : { retryAfterDateSeconds: ahead }),
    ...when(fields)
  }
}

const readOtherWriter = (fields: Fields): FaultEffect => {
  const status = fields.oneOf("status", CAMPAIGN_STATUSES)
  const changed = fields.object("fields")
  return {
    kind: "otherWriter",
    ...(status === undefined ? {} : { status }),
    ...(changed === undefined ? {} : { fields: changed })
  }
}

const READERS: { readonly [K in FaultKind]: (fields: Fields) => FaultEffect } = {
  status: readStatus,
  rateLimited: readRateLimited,
  latency: (fields) => ({
    kind: "latency",
    milliseconds: fields.requiredNumber("milliseconds", 0),
    ...when(fields)
  }),
  resetBefore: () => ({ kind: "resetBefore" }),
  resetAfter: () => ({ kind: "resetAfter" }),
  truncateBody: () => ({ kind: "truncateBody" }),
  malformedJson: () => ({ kind: "malformedJson" }),
  revokeToken: () => ({ kind: "revokeToken" }),
  otherWriter: readOtherWriter
}

const isKind = (kind: string): kind is FaultKind => Object.hasOwn(READERS, kind)

/** Templates that a fault may aim at, with and without their method. */
const templates = (): ReadonlySet<string> =>
  new Set([...apiRoutes, ...loginRoutes].flatMap((route) => [template(route), route.path]))

const readRoute = (fields: Fields): string | undefined => {
  const route = fields.string("route")
  if (route !== undefined && !templates().has(route)) {
    throw new ControlError(
      `No route "${route}". Known: ${[...templates()].filter((name) => name.includes(" ")).join("; ")}.`
    )
  }
  return route
}

const readCount = (fields: Fields): number | "always" | undefined =>
  fields.value("count") === "always" ? "always" : fields.number("count", 1)

/** A fault as the control interface takes it. */
export const readFault = (body: unknown): FaultRequest => {
  const fields = new Fields(isJsonObject(body) ? body : undefined)
  const kind = fields.requiredString("kind")
  if (!isKind(kind))
    throw new ControlError(`"kind" must be one of ${Object.keys(READERS).join(", ")}.`)
  const method = fields.string("method")
  const route = readRoute(fields)
  const campaignId = fields.string("campaignId")
  const count = readCount(fields)
  const after = fields.number("after", 0)
  const effect = READERS[kind](fields)
  fields.end()
  return {
    ...effect,
    ...(method === undefined ? {} : { method }),
    ...(route === undefined ? {} : { route }),
    ...(campaignId === undefined ? {} : { campaignId }),
    ...(count === undefined ? {} : { count }),
    ...(after === undefined ? {} : { after })
  }
}
