export { freePort } from "./freePort.ts"
export type { StopMode } from "./Postmaster.ts"
export * from "./startPostgres.ts"
