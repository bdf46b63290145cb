import { fileURLToPath } from "node:url"
import { checkImports } from "../imports.ts"
import { readWorkspace } from "../workspace.ts"

const root = fileURLToPath(new URL("../../../..", import.meta.url))
const { files, imports, violations } = checkImports(readWorkspace(root))
for (const { path, line, rule, message } of violations) {
  console.error(`${path}:${line}  ${rule}  ${message}`)
}
console.error(`${imports} imports in ${files} files: ${violations.length} violations`)
process.exitCode = violations.length === 0 ? 0 : 1
