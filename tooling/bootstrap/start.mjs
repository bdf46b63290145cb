// `npm start`: from a fresh clone to the demonstration, which ends by itself.
import { install, run, step, turbo } from "./steps.mjs"

await install()
await step("Building campaignctl", () =>
  turbo(["build", "--filter=campaignctl", "--output-logs=errors-only"], { captured: true })
)
process.exitCode = await run("node", ["apps/cli/bin/campaignctl.mjs", "demo"])
