export * from "./layerPostgres.ts"
