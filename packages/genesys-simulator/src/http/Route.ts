import { isJsonObject, parseJson } from "../Json.ts"
import type { JsonObject, JsonValue } from "../Json.ts"
import type { SimulatorState } from "../SimulatorState.ts"
import type { Campaign } from "../world/Campaign.ts"
import { referenceId } from "../Json.ts"
import type { WriteOrigin, WriteVia } from "../world/WriteLog.ts"
import { refuse } from "./ApiAnswer.ts"
import type { ApiAnswer } from "./ApiAnswer.ts"
import type { PermissionNeed } from "./Permissions.ts"
import type { Contract, Token } from "./Tokens.ts"

export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly header: (name: string) => string | undefined
  readonly text: string
  /** Undefined on the routes that hand out tokens. */
  readonly token: Token | undefined
  readonly correlationId: string
}

export interface Route {
  readonly method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE"
  readonly path: string
  /** `token` needs a bearer token and no permission; `public` needs neither. */
  readonly access: "public" | "token" | PermissionNeed
  /** What a token of the ETag contract must have been issued for. */
  readonly scope?: string
  readonly handle: (state: SimulatorState, request: ApiRequest) => ApiAnswer
}

export const template = (route: Route): string => `${route.method} ${route.path}`

export const readJson = (request: ApiRequest): JsonValue => {
  if (!(request.header("content-type") ?? "").toLowerCase().includes("json"))
    throw refuse("unsupported.media.type")
  const value = parseJson(request.text)
  if (value === undefined) throw refuse("bad.request", "The request body is not valid JSON.")
  return value
}

export const readJsonObject = (request: ApiRequest): JsonObject => {
  const value = readJson(request)
  if (!isJsonObject(value)) throw refuse("bad.request", "The request body must be a JSON object.")
  return value
}

/** The campaign that the path names, if the client may see its division. */
export const campaignOf = (
  state: SimulatorState,
  request: ApiRequest,
  need: PermissionNeed,
  notFound: "resource.not.found" | "campaign.not.found"
): Campaign => {
  const campaign = state.world.campaigns.get(request.params["id"] ?? "")
  if (campaign === undefined) throw refuse(notFound)
  state.permissions.requireDivision(need, referenceId(campaign.document, "division"))
  return campaign
}

export const originOf = (request: ApiRequest, contract: Contract, via: WriteVia): WriteOrigin => ({
  contract,
  by: "api",
  via,
  correlationId: request.correlationId
})
