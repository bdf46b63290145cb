// oxlint-disable typescript/consistent-type-imports -- an ambient module may not import a relative path in any other way
/**
 * The parts of the official SDK's sources that are used. The package types its bundle alone, and
 * importing the bundle reads a file in the home directory.
 */
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/ApiClient.js" {
  const ApiClient: { readonly prototype: import("./sdk/SdkTypes.ts").SdkApiClient }
  export default ApiClient
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/configuration.js" {
  const Configuration: { readonly prototype: import("./sdk/SdkTypes.ts").SdkConfiguration }
  export default Configuration
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/AbstractHttpClient.js" {
  export default class AbstractHttpClient {
    request(
      options: import("./sdk/SdkTypes.ts").SdkRequest
    ): Promise<import("./sdk/SdkTypes.ts").SdkAnswer>
  }
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/OutboundApi.js" {
  const OutboundApi: new (
    client: import("./sdk/SdkTypes.ts").SdkApiClient
  ) => import("./sdk/SdkTypes.ts").OutboundApi
  export default OutboundApi
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/AnalyticsApi.js" {
  const AnalyticsApi: new (
    client: import("./sdk/SdkTypes.ts").SdkApiClient
  ) => import("./sdk/SdkTypes.ts").AnalyticsApi
  export default AnalyticsApi
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/RoutingApi.js" {
  const RoutingApi: new (
    client: import("./sdk/SdkTypes.ts").SdkApiClient
  ) => import("./sdk/SdkTypes.ts").RoutingApi
  export default RoutingApi
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/AuthorizationApi.js" {
  const AuthorizationApi: new (
    client: import("./sdk/SdkTypes.ts").SdkApiClient
  ) => import("./sdk/SdkTypes.ts").AuthorizationApi
  export default AuthorizationApi
}
/** Axios exports this adapter and types it nowhere. */
declare module "axios/unsafe/adapters/http.js" {
  const adapter: import("axios").AxiosAdapter
  export default adapter
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/NotificationsApi.js" {
  const NotificationsApi: new (
    client: import("./sdk/SdkTypes.ts").SdkApiClient
  ) => import("./sdk/SdkTypes.ts").NotificationsApi
  export default NotificationsApi
}
