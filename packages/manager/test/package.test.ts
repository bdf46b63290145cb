import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Installation, installation } from "./support/installation.ts"
import { type SimulatorProcess, simulatorProcess } from "./support/simulatorProcess.ts"

let project: Installation
let simulator: SimulatorProcess

beforeAll(async () => {
  project = installation()
  project.addNodeTypes()
  simulator = await simulatorProcess()
})
afterAll(async () => {
  await simulator[Symbol.asyncDispose]()
  project[Symbol.dispose]()
})

/** The same program for both kinds of module; prints what it saw as one line of JSON. */
const BODY = `
  const manager = new CampaignStateManager()
  const settled = await manager.initialize()
  const [id] = process.argv.slice(2)
  const before = await manager.getCurrentState(id)
  const change = await manager.transitionState(id, before.state === "active" ? "paused" : "archived", before.state === "active" ? "OTHER" : null)
  const error = await manager.transitionState("nonsense", 5).catch((error) => error)
  let entries = 0
  for await (const entry of manager.auditTrail()) entries += entry.hash.length === 64 ? 1 : 0
  await manager.close()
  console.log(JSON.stringify({
    settled, state: before.state, outcome: change.outcome, entries,
    error: [error.name, error.code, error instanceof CampaignctlError, error instanceof RequestInvalidError, error.problems.length]
  }))`

const seen = {
  settled: [],
  outcome: "applied",
  entries: 2,
  error: ["RequestInvalidError", "REQUEST_INVALID", true, true, 2]
}

it("is imported by an ES module in plain JavaScript", async () => {
  project.write(
    "program.mjs",
    `import { CampaignctlError, CampaignStateManager, RequestInvalidError } from "@campaignctl/manager"
    ${BODY}`
  )
  const id = simulator.campaign("Spring Renewals UK")
  const env = simulator.env("platform", project.path("esm.db"))
  const { code, output } = await project.run(["program.mjs", id], env)
  expect(JSON.parse(output)).toEqual({ ...seen, state: "active" })
  expect(code).toBe(0)
})

it("is required by a CommonJS program in plain JavaScript", async () => {
  project.write(
    "program.cjs",
    `const { CampaignctlError, CampaignStateManager, RequestInvalidError } = require("@campaignctl/manager")
    ;(async () => {${BODY}})()`
  )
  const id = simulator.campaign("Collections Early Stage")
  const env = simulator.env("etag", project.path("cjs.db"))
  const { code, output } = await project.run(["program.cjs", id], env)
  expect(JSON.parse(output)).toEqual({ ...seen, state: "active" })
  expect(code).toBe(0)
})

it.each(["mts", "cts"])(
  "has types for a strict %s program, and asks for no others",
  async (kind) => {
    project.write(
      `typed.${kind}`,
      `import { CampaignStateManager, TransitionRejectedError, type CampaignState } from "@campaignctl/manager"
    export const pause = async (id: string): Promise<CampaignState> => {
      const manager = await CampaignStateManager.create({ minimumAgents: 3 })
      try {
        for await (const { name } of manager.listCampaigns()) name.toUpperCase()
        return (await manager.transitionState(id, "paused", "COMPLIANCE", { note: "why" })).state
      } catch (error) {
        if (error instanceof TransitionRejectedError) error.violations.map(({ detail }) => detail)
        // @ts-expect-error no such target
        await manager.transitionState(id, "sleeping")
        // @ts-expect-error no such field
        return error.nonsense
      } finally {
        await manager.close()
      }
    }`
    )
    const typescript = createRequire(import.meta.url).resolve("typescript/package.json")
    const compile = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"]
    const { code, output } = await project.run([
      join(dirname(typescript), "bin/tsc"),
      ...compile,
      "--types",
      "node",
      `typed.${kind}`
    ])
    expect(output).toBe("")
    expect(code).toBe(0)
  }
)
