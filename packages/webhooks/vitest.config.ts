export { withPostgres as default } from "../../vitest.base.ts"
