import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { ControlClient } from "../src/index.ts"
import type { SimulatorReady } from "../src/index.ts"
import { CHANNELS, hear } from "./support/channel.ts"
import { connect } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const PROGRAM = fileURLToPath(new URL("../src/program.ts", import.meta.url))

const run = (args: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "pipe"] })
  const output = { out: "", err: "" }
  child.stdout.on("data", (data: Buffer) => (output.out += data.toString()))
  child.stderr.on("data", (data: Buffer) => (output.err += data.toString()))
  const exit = once(child, "close").then(([code]: ReadonlyArray<unknown>) => code)
  const firstOutput = once(child.stdout, "data")
  return { child, output, exit, firstOutput }
}

it.each(["SIGTERM", "SIGINT"] as const)(
  "prints one line of JSON when ready, and ends on %s with 0",
  async (signal) => {
    const { child, output, exit, firstOutput } = run([
      "--json",
      "--port",
      "0",
      "--campaigns",
      "3",
      "--seed",
      "7",
      "--client-secret",
      "mine",
      "--manual-clock",
      "--switch",
      "startWhileOn=refused",
      "--switch",
      "drainEndBumpsVersion=false"
    ])
    await firstOutput
    const ready: SimulatorReady = JSON.parse(output.out)
    expect(Object.keys(ready)).toEqual([
      "apiUrl",
      "loginUrl",
      "controlUrl",
      "clientId",
      "clientSecret",
      "campaigns"
    ])
    expect(ready.campaigns).toHaveLength(3)
    expect(ready.clientSecret).toBe("mine")
    const state = await new ControlClient(ready.controlUrl).state()
    expect(state.unknownFacts).toMatchObject({
      startWhileOn: "refused",
      drainEndBumpsVersion: false
    })
    child.kill(signal)
    expect(await exit).toBe(0)
    expect(output.out.trim().split("\n")).toHaveLength(1)
    expect(output.err).toBe("")
  }
)

it("ends on SIGTERM with 0 while a client listens that does not answer", async () => {
  const { child, output, exit, firstOutput } = run(["--json", "--port", "0"])
  await firstOutput
  const ready: SimulatorReady = JSON.parse(output.out)
  const { body } = await (await connect(ready))("POST", CHANNELS)
  const { socket, closed } = await hear(body.connectUri)
  socket.pause()
  child.kill("SIGTERM")
  expect(await exit).toBe(0)
  socket.resume()
  await closed
})

it("shows a human what to copy", async () => {
  const { child, output, exit, firstOutput } = run(["--port", "0"])
  await firstOutput
  child.kill("SIGTERM")
  await exit
  for (const name of [
    "GENESYS_API_URL",
    "GENESYS_LOGIN_URL",
    "OAUTH_CLIENT_ID",
    "OAUTH_CLIENT_SECRET"
  ]) {
    expect(output.out).toMatch(new RegExp(`^export ${name}=\\S+$`, "m"))
  }
  expect(output.out).toContain("Spring Renewals UK")
})

it(
  "says that a port is taken, and exits 2",
  withSimulator({}, async (simulator) => {
    const { port } = new URL(simulator.apiUrl)
    const { output, exit } = run(["--port", port])
    expect(await exit).toBe(2)
    expect(output.err).toContain(`Port ${port} on 127.0.0.1 cannot be used`)
    expect(output.err.trim().split("\n")).toHaveLength(1)
  })
)

it.each([
  [["--port", "many"], "--port must be a whole number from 0 to 65535"],
  [["--campaigns", "-1"], "--campaigns"],
  [["--call-seconds", "9-3"], "--call-seconds must be two numbers"],
  [["--switch", "mood=good"], "Unknown field: mood"],
  [["--colour"], "--colour"]
])("refuses %o in one sentence", async (args, sentence) => {
  const { output, exit } = run(args)
  expect(await exit).toBe(2)
  expect(output.err).toContain(sentence)
  expect(output.err).not.toContain("    at ")
})

it("explains itself", async () => {
  const { output, exit } = run(["--help"])
  expect(await exit).toBe(0)
  expect(output.out).toContain("--manual-clock")
})
