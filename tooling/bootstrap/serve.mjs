// `npm run serve`: from a fresh clone to the HTTP service, which runs until it is told to end.
import { install, run } from "./steps.mjs"

await install()
process.exitCode = await run("node", ["apps/http/src/main.ts"])
