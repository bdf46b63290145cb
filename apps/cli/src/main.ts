import { commandFirst } from "./arguments/commandFirst.ts"
import { untangledWait } from "./arguments/waitOption.ts"
import { makeProgram } from "./program/program.ts"
import { runProgram } from "./program/runProgram.ts"

/** Words before the first argument: node and the script. */
const LEADING_WORDS = 2

const argv = untangledWait(commandFirst(process.argv.slice(LEADING_WORDS)))

// Everything is written when this returns, so that nothing is lost; open connections need not be waited for.
process.exit(
  await runProgram(makeProgram, argv, {
    manifest: new URL("../package.json", import.meta.url),
    launcher: new URL("../bin/campaignctl.mjs", import.meta.url)
  })
)
