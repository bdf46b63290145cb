import { runService } from "./server/runService.ts"

process.exitCode = await runService({
  env: process.env,
  write: (text) => void process.stdout.write(text),
  isTerminal: process.stdout.isTTY,
  writeError: (text) => void process.stderr.write(text),
  onSignal: (listener) => {
    process.on("SIGINT", listener)
    process.on("SIGTERM", listener)
  },
  exitNow: (code) => process.exit(code)
})
