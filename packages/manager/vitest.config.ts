export { withPostgres as default } from "../../tooling/vitest/base.ts"
