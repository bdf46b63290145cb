import { timingSafeEqual } from "node:crypto"
import { isJsonObject, parseJson, stringField } from "../../Json.ts"
import type { SimulatorState } from "../../SimulatorState.ts"
import { json } from "../ApiAnswer.ts"
import type { ApiAnswer } from "../ApiAnswer.ts"
import type { Route } from "../Route.ts"

/** Scopes that the ETag contract knows. */
const ETAG_SCOPES: ReadonlySet<string> = new Set([
  "outbound:campaign:read",
  "outbound:campaign:write",
  "analytics:queue:read",
  "platform:webhook:write"
])

/** OAuth's own error body, which is not the API's. */
const oauthError = (status: number, error: string, description: string): ApiAnswer =>
  json({ error, description, error_description: description }, { status })

const same = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const isClient = (state: SimulatorState, id: string, secret: string): boolean =>
  same(id, state.credentials.clientId) && same(secret, state.credentials.clientSecret)

const basicCredentials = (
  authorization: string | undefined
): readonly [id: string, secret: string] | undefined => {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? "")?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, "base64").toString("utf8")
  const colon = decoded.indexOf(":")
  return colon < 0 ? undefined : [decoded.slice(0, colon), decoded.slice(colon + 1)]
}

const INVALID_CLIENT = "client not found or secret does not match"

const platformToken: Route = {
  method: "POST",
  path: "/oauth/token",
  access: "public",
  handle: (state, request) => {
    const form = new URLSearchParams(request.text)
    const grant = form.get("grant_type")
    if (grant === null) return oauthError(400, "invalid_request", "grant_type is required")
    if (grant !== "client_credentials")
      return oauthError(400, "unsupported_grant_type", `grant_type ${grant} is not supported`)
    const credentials = basicCredentials(request.header("authorization"))
    if (credentials === undefined)
      return oauthError(400, "invalid_client", "client credentials are required")
    if (!isClient(state, ...credentials)) return oauthError(401, "invalid_client", INVALID_CLIENT)
    const token = state.tokens.issue(credentials[0], "platform", state.clock.wallNow())
    return json({
      access_token: token.text,
      token_type: "bearer",
      expires_in: state.tokens.lifetimeSeconds
    })
  }
}

const etagToken: Route = {
  method: "POST",
  path: "/api/v2/oauth/token",
  access: "public",
  handle: (state, request) => {
    const body = parseJson(request.text)
    if (!isJsonObject(body))
      return oauthError(400, "invalid_request", "the body must be a JSON object")
    if (stringField(body, "grant_type") !== "client_credentials") {
      return oauthError(400, "unsupported_grant_type", "grant_type must be client_credentials")
    }
    const [id, secret] = [stringField(body, "client_id"), stringField(body, "client_secret")]
    if (id === undefined || secret === undefined) {
      return oauthError(400, "invalid_request", "client_id and client_secret are required")
    }
    if (!isClient(state, id, secret)) return oauthError(401, "invalid_client", INVALID_CLIENT)
    const scope = stringField(body, "scope")
    const scopes = scope?.split(/\s+/).filter((name) => name !== "")
    const unknown = scopes?.find((name) => !ETAG_SCOPES.has(name))
    if (unknown !== undefined)
      return oauthError(400, "invalid_scope", `the scope ${unknown} is not known`)
    const token = state.tokens.issue(
      id,
      "etag",
      state.clock.wallNow(),
      scopes === undefined ? undefined : new Set(scopes)
    )
    return json({
      access_token: token.text,
      token_type: "bearer",
      expires_in: state.tokens.lifetimeSeconds,
      ...(scope === undefined ? {} : { scope })
    })
  }
}

/** Served on the login host, which is the API's own unless a port of its own was asked for. */
export const loginRoutes: ReadonlyArray<Route> = [platformToken]
export const etagTokenRoutes: ReadonlyArray<Route> = [etagToken]
