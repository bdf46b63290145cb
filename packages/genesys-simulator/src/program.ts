import { runSimulatorProgram } from "./runSimulatorProgram.ts"

process.exitCode = await runSimulatorProgram(process.argv.slice(2))
