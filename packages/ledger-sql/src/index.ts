export * from "./idsLive.ts"
export * from "./SqlAuditLog.ts"
export * from "./sqlite/layerSqlite.ts"
export { ABANDONED_AFTER_MS, type Writer, Writers } from "./writers/Writers.ts"
