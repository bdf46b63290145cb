// oxlint-disable typescript/consistent-type-imports -- an ambient module may not import a relative path in any other way
/**
 * The parts of the official SDK's sources that are used. The package types its bundle alone, and
 * importing the bundle reads a file in the home directory.
 */
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/ApiClient.js" {
  const ApiClient: { readonly prototype: import("./SdkTypes.ts").SdkApiClient }
  export default ApiClient
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/configuration.js" {
  const Configuration: { readonly prototype: import("./SdkTypes.ts").SdkConfiguration }
  export default Configuration
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/AbstractHttpClient.js" {
  export default class AbstractHttpClient {
    request(options: import("./SdkTypes.ts").SdkRequest): Promise<import("./SdkTypes.ts").SdkAnswer>
  }
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/OutboundApi.js" {
  const OutboundApi: new (
    client: import("./SdkTypes.ts").SdkApiClient
  ) => import("./SdkTypes.ts").OutboundApi
  export default OutboundApi
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/AnalyticsApi.js" {
  const AnalyticsApi: new (
    client: import("./SdkTypes.ts").SdkApiClient
  ) => import("./SdkTypes.ts").AnalyticsApi
  export default AnalyticsApi
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/RoutingApi.js" {
  const RoutingApi: new (
    client: import("./SdkTypes.ts").SdkApiClient
  ) => import("./SdkTypes.ts").RoutingApi
  export default RoutingApi
}
declare module "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/AuthorizationApi.js" {
  const AuthorizationApi: new (
    client: import("./SdkTypes.ts").SdkApiClient
  ) => import("./SdkTypes.ts").AuthorizationApi
  export default AuthorizationApi
}
