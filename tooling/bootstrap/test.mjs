// `npm test`: every check and every test of the workspace, then one line that says how many passed.
import { existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { install, root, run, turbo } from "./steps.mjs"

const workspaceFolders = ["packages", "apps", "tooling"]
const tasks = [
  "check:format",
  "check:imports",
  "check:unused",
  "lint",
  "typecheck",
  "build",
  "test"
]

// A report of an earlier run must not be counted; a task answered from the cache puts its own back.
const clearReports = () => {
  for (const folder of workspaceFolders) {
    for (const name of existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []) {
      rmSync(join(root, folder, name, "reports"), { recursive: true, force: true })
    }
  }
}

await install()
clearReports()
process.stderr.write(`Running ${tasks.join(", ")}\n`)
const checked = await turbo([
  ...tasks,
  "--continue=dependencies-successful",
  "--output-logs=errors-only"
])
if (checked !== 0) process.stderr.write("A check or a test failed: see above.\n")
const counted = await run("node", ["tooling/checks/src/bin/summary.ts"])
process.exitCode = checked === 0 ? counted : checked
