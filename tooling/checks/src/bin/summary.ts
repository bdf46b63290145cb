import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { summarise } from "../reports.ts"
import { readPackages } from "../workspace.ts"

const root = fileURLToPath(new URL("../../../..", import.meta.url))
const reports = readPackages(root)
  .filter(({ scripts }) => scripts.has("test"))
  .map(({ folder }) => {
    const path = join(root, folder, "reports", "tests.json")
    return { folder, report: existsSync(path) ? readFileSync(path, "utf8") : undefined }
  })
const { lines, succeeded } = summarise(reports)
for (const line of lines) console.log(line)
process.exitCode = succeeded ? 0 : 1
