import { readFileSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { errorCatalogue } from "@campaignctl/core"
import { optionKeys } from "../src/ManagerOptions.ts"
import * as face from "../src/index.ts"
import { type Installation, installation } from "./support/installation.ts"
import { type SimulatorProcess, simulatorProcess } from "./support/simulatorProcess.ts"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")

/** The programs of the README: every fenced block that is named. */
const programs = new Map(
  [...readme.matchAll(/^```js (\S+)\n(.*?)^```$/gms)].map(([, name = "", code = ""]) => [
    name,
    code
  ])
)

let project: Installation
let simulator: SimulatorProcess

beforeAll(async () => {
  project = installation()
  simulator = await simulatorProcess()
  for (const [name, code] of programs) project.write(name, code)
})
afterAll(async () => {
  await simulator[Symbol.asyncDispose]()
  project[Symbol.dispose]()
})

const runProgram = async (name: string, campaign: string) => {
  const { CAMPAIGNCTL_CALLING_WINDOW: _, ...env } = simulator.env(
    "platform",
    project.path(`${name}.db`)
  )
  const { code, output } = await project.run([name], {
    ...env,
    CAMPAIGN_ID: simulator.campaign(campaign)
  })
  return { code, lines: output.trimEnd().split("\n") }
}

it("has no code block that is not run", () => {
  expect([...programs.keys()]).toEqual(["pause.mjs", "start.mjs", "audit.cjs", "abort.mjs"])
  expect(readme.match(/^```\S/gm)).toHaveLength(programs.size)
})

it("pauses a campaign as it says", async () => {
  expect(await runProgram("pause.mjs", "Collections Early Stage")).toEqual({
    code: 0,
    lines: [
      "Collections Early Stage: active -> draining",
      "calls: drained",
      "Collections Early Stage is paused because of AGENT_CAPACITY"
    ]
  })
})

it("starts a campaign as it says", async () => {
  await simulator.agents(simulator.campaign("Winback Lapsed Customers"), 1)
  const { code, lines } = await runProgram("start.mjs", "Winback Lapsed Customers")
  expect(lines).toHaveLength(4)
  expect(lines[0]).toBe("would be rejected")
  expect(lines[1]).toMatch(/^capacity: Only 1 agent /)
  expect(lines[2]).toMatch(/may not go from paused to active\. capacity: /)
  expect(lines[3]).toBe("started: 1 guard overridden")
  expect(code).toBe(0)
})

it("registers, lists, pauses and audits as it says", async () => {
  expect(await runProgram("audit.cjs", "Spring Renewals UK")).toEqual({
    code: 0,
    lines: [
      "webhook registered",
      "Spring Renewals UK is active",
      "2 outcome applied by workforce-management: Do not call list is late.",
      "1 intent  by workforce-management: Do not call list is late.",
      "2 entries, intact: true"
    ]
  })
})

it("aborts as it says", async () => {
  await simulator.control.fault({ kind: "latency", milliseconds: 500 })
  expect(await runProgram("abort.mjs", "Spring Renewals UK")).toEqual({
    code: 0,
    lines: ["AbortError ABORTED", "changes without an outcome: 0"]
  })
})

it("names every method, option and error", () => {
  const methods = Object.getOwnPropertyNames(face.CampaignStateManager.prototype)
  for (const name of methods.filter((name) => name !== "constructor"))
    expect(readme).toContain(`\`${name}(`)
  for (const name of Object.keys(optionKeys)) expect(readme).toContain(`\`${name}\``)
  for (const name of Object.keys(face).filter((name) => name.endsWith("Error")))
    expect(readme).toContain(`\`${name}\``)
  for (const { code } of Object.values(errorCatalogue)) expect(readme).toContain(`\`${code}\``)
})
