export {
  type AppOptions,
  type AppServices,
  type CampaignApp,
  createApp,
  type Started
} from "./app.ts"
export type { Caller } from "./callers/Caller.ts"
export { Callers, callersGuarded, callersOpen } from "./callers/Callers.ts"
export { type KeyRecord, KeyStore, keyStoreSql, type NewKey } from "./callers/KeyStore.ts"
export { keysLayer } from "./callers/keysLayer.ts"
export { allScopes, Scope, scopePages } from "./callers/Scope.ts"
export type { OidcConfig } from "./callers/Tokens.ts"
export type { HttpConfig } from "./config/HttpConfig.ts"
export { httpConfigPages } from "./config/pages.ts"
export { readHttpConfig } from "./config/readHttpConfig.ts"
export { openApiOf } from "./docs/openapi.ts"
export { Readiness, readinessOf } from "./health/Readiness.ts"
export { Idempotency, idempotencySql } from "./idempotency/Idempotency.ts"
export { type ProblemPage, problemPages } from "./problems/statusOf.ts"
export type { Route, RouteServices } from "./routes/Route.ts"
export { routes } from "./routes/routes.ts"
export { databaseLayer, serviceLayer } from "./server/layers.ts"
export { longestShutdownMs } from "./server/longestShutdownMs.ts"
export { runService, type ServiceProcess } from "./server/runService.ts"
export { nodeFetch, serve, type Served, type ServeOptions } from "./server/serve.ts"
