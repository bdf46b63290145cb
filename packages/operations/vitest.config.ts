import { startingPrograms, withPostgres } from "../../tooling/vitest/base.ts"

export default startingPrograms(
  withPostgres,
  "test/programs/runner.ts",
  "test/programs/member.ts",
  "../genesys-simulator/src/program.ts"
)
