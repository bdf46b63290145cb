import { startingPrograms, withPostgres } from "../../tooling/vitest/base.ts"

export default startingPrograms(withPostgres, "src/main.ts", "test/programs/receiver.ts")
