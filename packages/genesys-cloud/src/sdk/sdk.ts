// oxlint-disable-next-line typescript/triple-slash-reference -- packages that read these sources must find the declarations too
/// <reference path="../modules.d.ts" />
import { type Transport, TransportFailure } from "../wire/Transport.ts"
import type {
  AnalyticsApi,
  AuthorizationApi,
  NotificationsApi,
  OutboundApi,
  RoutingApi,
  SdkAnswer,
  SdkApiClient,
  SdkExtended,
  SdkRequest
} from "./SdkTypes.ts"

/** The SDK's operations, bound to one request's token and abort signal. */
export interface SdkSession {
  readonly outbound: OutboundApi
  readonly analytics: () => Promise<AnalyticsApi>
  readonly routing: () => Promise<RoutingApi>
  readonly authorization: () => Promise<AuthorizationApi>
  readonly notifications: () => Promise<NotificationsApi>
  /** A JSON request that the SDK has no operation for. */
  readonly call: (
    method: "GET" | "POST",
    path: string,
    query: Readonly<Record<string, unknown>>,
    body?: unknown
  ) => Promise<SdkExtended>
}

/** Begins a session: the token and the headers go into this session's requests alone. */
export type Sdk = (
  token: string,
  signal: AbortSignal,
  headers?: Readonly<Record<string, string>>
) => SdkSession

const OAUTH = "PureCloud OAuth"
const JSON_ONLY: ReadonlyArray<string> = ["application/json"]

/**
 * Loads the official SDK and points a client of our own at the address.
 *
 * Loaded from its sources, operation group by operation group: the bundle holds every API of
 * Genesys and makes a global client when it is loaded. The client is made from the SDK's own
 * prototypes but without its constructors, which read `~/.genesyscloudjavascript/config`, watch it,
 * let it change the address, and set up a logger that writes bodies to files; none of that can be
 * turned off before it happens.
 */
export const loadSdk = async (apiUrl: string, transport: Transport): Promise<Sdk> => {
  const [ApiClient, Configuration, AbstractHttpClient, Outbound] = await Promise.all([
    import("@genesyscloud/api-client-node/src/purecloud-platform-client-v2/ApiClient.js"),
    import("@genesyscloud/api-client-node/src/purecloud-platform-client-v2/configuration.js"),
    import("@genesyscloud/api-client-node/src/purecloud-platform-client-v2/AbstractHttpClient.js"),
    import("@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/OutboundApi.js")
  ])

  class HttpClient extends AbstractHttpClient.default {
    readonly #signal: AbortSignal
    constructor(signal: AbortSignal) {
      super()
      this.#signal = signal
    }
    // Gives every reply as it is, errors too: what a status means is decided in one place, not here.
    override async request(request: SdkRequest): Promise<SdkAnswer> {
      try {
        return await transport(
          {
            method: request.method,
            url: withQuery(request.url, request.params),
            headers: request.headers ?? {},
            ...(request.data === undefined ? {} : { body: JSON.stringify(request.data) })
          },
          this.#signal
        )
      } catch (error) {
        // The SDK never ends a call that is rejected with anything but an object.
        throw error instanceof TransportFailure
          ? error
          : new TransportFailure("connection-lost", new URL(request.url).host)
      }
    }
  }

  const url = new URL(apiUrl)
  // Object.create is typed as any; it makes exactly an object of this prototype.
  const config = Object.create(
    Configuration.default.prototype
  ) as typeof Configuration.default.prototype
  config.logger = { log: () => undefined }
  config.refresh_access_token = false
  config.setGateway({
    protocol: url.protocol.replace(":", ""),
    host: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path_params_api: url.pathname
  })

  return (token, signal, headers = {}) => {
    // As above.
    const client = Object.create(ApiClient.default.prototype) as SdkApiClient
    client.config = config
    client.authData = {}
    client.authentications = { [OAUTH]: { type: "oauth2", accessToken: token } }
    client.defaultHeaders = headers
    client.setReturnExtendedResponses(true)
    client.setHttpClient(new HttpClient(signal))
    return {
      outbound: new Outbound.default(client),
      analytics: async () => {
        const { default: Api } =
          await import("@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/AnalyticsApi.js")
        return new Api(client)
      },
      routing: async () => {
        const { default: Api } =
          await import("@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/RoutingApi.js")
        return new Api(client)
      },
      authorization: async () => {
        const { default: Api } =
          await import("@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/AuthorizationApi.js")
        return new Api(client)
      },
      notifications: async () => {
        const { default: Api } =
          await import("@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/NotificationsApi.js")
        return new Api(client)
      },
      call: (method, path, query, body) =>
        client.callApi(path, method, {}, query, {}, {}, body, [OAUTH], JSON_ONLY, JSON_ONLY)
    }
  }
}

const withQuery = (url: string, params: Readonly<Record<string, string>> | undefined): string => {
  // The SDK has encoded the names already; none that is used holds a character to encode.
  const query = new URLSearchParams(params).toString()
  return query === "" ? url : `${url}?${query}`
}
