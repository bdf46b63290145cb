// Runs turbo tasks from a package script, for whoever has no pnpm: node tooling/bootstrap/turbo.mjs TASK… [FLAG…]
import { turbo } from "./steps.mjs"

process.exitCode = await turbo(process.argv.slice(2))
