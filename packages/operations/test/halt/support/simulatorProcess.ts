import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { layer as genesys } from "@campaignctl/genesys-cloud"
import { ControlClient, type SimulatorReady } from "@campaignctl/genesys-simulator"
import { Effect, Redacted } from "effect"

const PROGRAM = `import { runSimulatorProgram } from "@campaignctl/genesys-simulator"
process.exitCode = await runSimulatorProgram(process.argv.slice(1))`

const FOLDER = fileURLToPath(new URL("../../..", import.meta.url))

const start = async (args: ReadonlyArray<string>) => {
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", PROGRAM, "--", "--port", "0", "--json", ...args],
    { cwd: FOLDER, stdio: ["ignore", "pipe", "inherit"] }
  )
  const ended = once(child, "close")
  const [line]: ReadonlyArray<string> = await once(createInterface(child.stdout), "line")
  const ready: SimulatorReady = JSON.parse(line ?? "")
  return {
    ready,
    control: new ControlClient(ready.controlUrl),
    end: async () => {
      child.kill()
      await ended
    }
  }
}

/** A simulator in a process of its own, which ends with the scope. */
export const simulatorProcess = (...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(() => start(args)),
    ({ end }) => Effect.promise(end)
  )

/** The services that reach it. */
export const genesysOf = (
  { apiUrl, clientId, clientSecret, loginUrl }: SimulatorReady,
  contract: "platform" | "etag" = "platform"
) => genesys({ contract, apiUrl, loginUrl, clientId, clientSecret: Redacted.make(clientSecret) })
