import { GenesysUnavailable, type GatewayError } from "@campaignctl/core"
import { Clock, Duration, Effect, Redacted } from "effect"
import type { Settings } from "../options.ts"
import { type Route, routes } from "../routes.ts"
import { clientSpans } from "../wire/clientSpan.ts"
import type { Scrubber } from "../wire/scrub.ts"
import { transportError } from "../wire/transportError.ts"
import type { Transport, WireReply, WireRequest } from "../wire/Transport.ts"
import { readTokenReply, type Granted } from "./tokenReply.ts"

/** The scopes that the ETag contract asks for. Source: its description. */
const ETAG_SCOPES =
  "outbound:campaign:read outbound:campaign:write analytics:queue:read platform:webhook:write"

const requestFor: Readonly<Record<Settings["contract"], (settings: Settings) => WireRequest>> = {
  platform: ({ clientId, clientSecret, loginUrl }) => ({
    method: "POST",
    url: `${loginUrl}/oauth/token`,
    headers: {
      Authorization: `Basic ${Buffer.from(`${clientId}:${Redacted.value(clientSecret)}`).toString("base64")}`,
      "Content-Type": "application/x-www-form-urlencoded",
      Accept: "application/json"
    },
    body: "grant_type=client_credentials"
  }),
  etag: ({ apiUrl, clientId, clientSecret }) => ({
    method: "POST",
    url: `${apiUrl}/api/v2/oauth/token`,
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: Redacted.value(clientSecret),
      scope: ETAG_SCOPES
    })
  })
}

const routeOf: Readonly<Record<Settings["contract"], Route>> = {
  platform: routes.platformToken,
  etag: routes.etagToken
}

/** Asks for a token once, within the request deadline. */
export const requestToken = (
  settings: Settings,
  transport: Transport,
  scrubber: Scrubber,
  seen: (reply: WireReply) => Effect.Effect<void>
): Effect.Effect<Granted, GatewayError> => {
  const request = requestFor[settings.contract](settings)
  const send = (trace: Readonly<Record<string, string>>) =>
    Effect.tryPromise({
      try: (signal) => transport({ ...request, headers: { ...request.headers, ...trace } }, signal),
      catch: transportError("asking for a token")
    }).pipe(
      Effect.timeoutOrElse({
        duration: Duration.millis(settings.requestTimeoutMs),
        orElse: () =>
          Effect.fail(
            new GenesysUnavailable({
              reason: "timeout",
              detail: `asking for a token took more than ${settings.requestTimeoutMs} ms.`
            })
          )
      })
    )
  return Effect.gen(function* () {
    const reply = yield* clientSpans(request.url).around(routeOf[settings.contract], false, send)
    yield* seen(reply)
    const granted = yield* readTokenReply(reply, yield* Clock.currentTimeMillis, scrubber.clean)
    scrubber.remember(granted.token)
    return granted
  })
}
