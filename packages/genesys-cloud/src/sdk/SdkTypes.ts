/** What the SDK hands to its HTTP client. */
export interface SdkRequest {
  readonly url: string
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, string>>
  readonly data?: unknown
}

/** What the SDK's HTTP client gives back. */
export interface SdkAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** An extended response of the SDK, as far as it is read. */
export type SdkExtended = SdkAnswer

/** Optional parameters of an SDK operation, its own headers among them. */
export type SdkOptions = Readonly<Record<string, unknown>> & {
  readonly customHeaders?: Readonly<Record<string, string>>
}

export interface SdkConfiguration {
  logger: { readonly log: () => void }
  refresh_access_token: boolean
  setGateway(gateway: {
    readonly host: string
    readonly protocol: string
    readonly port?: number
    readonly path_params_api: string
  }): void
}

export interface SdkApiClient {
  config: SdkConfiguration
  authentications: Readonly<Record<string, object>>
  authData: object
  defaultHeaders: Readonly<Record<string, string>>
  setReturnExtendedResponses(extended: boolean): void
  setHttpClient(client: object): void
  callApi(
    path: string,
    method: string,
    pathParams: Readonly<Record<string, string>>,
    queryParams: Readonly<Record<string, unknown>>,
    headerParams: Readonly<Record<string, string>>,
    formParams: Readonly<Record<string, string>>,
    body: unknown,
    authNames: ReadonlyArray<string>,
    contentTypes: ReadonlyArray<string>,
    accepts: ReadonlyArray<string>
  ): Promise<SdkExtended>
}

export interface OutboundApi {
  getOutboundCampaign(id: string): Promise<SdkExtended>
  getOutboundCampaigns(options: SdkOptions): Promise<SdkExtended>
  putOutboundCampaign(id: string, body: unknown, options: SdkOptions): Promise<SdkExtended>
  patchOutboundCampaign(id: string, body: unknown, options: SdkOptions): Promise<SdkExtended>
  postOutboundCampaignStop(id: string): Promise<SdkExtended>
  getOutboundCampaignStats(id: string): Promise<SdkExtended>
  getOutboundCallabletimeset(id: string): Promise<SdkExtended>
}

export interface AnalyticsApi {
  postAnalyticsQueuesObservationsQuery(body: unknown): Promise<SdkExtended>
}

export interface RoutingApi {
  getRoutingQueues(options: SdkOptions): Promise<SdkExtended>
}

export interface NotificationsApi {
  postNotificationsChannels(): Promise<SdkExtended>
  postNotificationsChannelSubscriptions(
    channelId: string,
    body: ReadonlyArray<{ readonly id: string }>,
    options: SdkOptions
  ): Promise<SdkExtended>
  putNotificationsChannelSubscriptions(
    channelId: string,
    body: ReadonlyArray<{ readonly id: string }>,
    options: SdkOptions
  ): Promise<SdkExtended>
}

export interface AuthorizationApi {
  getAuthorizationDivisionspermittedMe(permission: string): Promise<SdkExtended>
  postAuthorizationDivisionObject(
    divisionId: string,
    objectType: string,
    body: ReadonlyArray<string>
  ): Promise<SdkExtended>
}
