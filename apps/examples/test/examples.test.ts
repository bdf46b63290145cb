import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { startSimulator } from "@campaignctl/genesys-simulator"
import { assert, describe, it } from "vitest"
import { ask, ended, environment, server, temporaryFolder } from "./support/running.ts"

const EFFECT_APP = fileURLToPath(new URL("../src/effect-app/main.ts", import.meta.url))
const EXPRESS_APP = fileURLToPath(new URL("../src/express-app/server.mjs", import.meta.url))
const HONO_APP = fileURLToPath(new URL("../src/hono-app/main.ts", import.meta.url))

const simulated = async () => {
  const simulator = await startSimulator()
  const idOf = (name: string): string => {
    const found = simulator.campaigns.find((campaign) => campaign.name === name)
    if (found === undefined) throw new Error(`the simulator has no campaign “${name}”`)
    return found.id
  }
  return {
    simulator,
    running: idOf("Spring Renewals UK"),
    unstaffed: idOf("Night Shift Follow-up"),
    [Symbol.asyncDispose]: () => simulator.close()
  }
}

describe("the examples", () => {
  it("an Effect app answers the core's ports with its own dialler and roster", async () => {
    const child = spawn(process.execPath, [EFFECT_APP], { stdio: ["ignore", "pipe", "pipe"] })
    assert.deepStrictEqual(await ended(child), {
      code: 0,
      output: [
        "refused, capacity: Only 0 agents available on renewals; 2 needed.",
        "paused -> active, entry 3 of the audit",
        "the dialler says: active, revision 8",
        ""
      ].join("\n")
    })
  })

  it("an Express app in plain JavaScript pauses, is refused, and says why", async () => {
    using folder = temporaryFolder()
    await using world = await simulated()
    await using app = await server(EXPRESS_APP, environment(world.simulator, folder.path))
    const campaign = `${app.url}/campaigns/${world.running}`
    assert.deepInclude((await ask(campaign)).body, { name: "Spring Renewals UK", state: "active" })
    const paused = await ask(`${campaign}/pause`, { reason: "COMPLIANCE", note: "list is late" })
    assert.deepInclude(paused, { status: 200 })
    assert.deepInclude(paused.body, { outcome: "applied", from: "active" })
    const refused = await ask(`${app.url}/campaigns/${world.unstaffed}/start`, {})
    assert.deepInclude(refused, { status: 422 })
    assert.include(refused.body["message"] ?? "", "agents")
    const nonsense = await ask(`${campaign}/pause`, { reason: "BECAUSE" })
    assert.deepInclude(nonsense, { status: 400 })
    assert.deepStrictEqual((await app.stop()).code, 0)
  })

  it("a Hono app has the routes under a prefix of its own", async () => {
    using folder = temporaryFolder()
    await using world = await simulated()
    await using app = await server(HONO_APP, environment(world.simulator, folder.path))
    assert.strictEqual(await (await fetch(app.url)).text(), "the company's own page")
    const one = `${app.url}/dialling/v1/campaigns/${world.running}`
    assert.deepInclude((await ask(one)).body, { name: "Spring Renewals UK", state: "active" })
    const paused = await ask(`${one}/transitions`, { target: "paused", reason: "OTHER" })
    assert.deepInclude(paused, { status: 200 })
    const problem = await ask(`${app.url}/dialling/v1/campaigns/${world.unstaffed}/transitions`, {
      target: "active"
    })
    assert.deepInclude(problem, { status: 422 })
    assert.match(problem.body["type"] ?? "", /^\/dialling\/docs\/problems\/TRANSITION_REJECTED$/)
    assert.strictEqual((await fetch(`${app.url}${problem.body["type"]}`)).status, 200)
    assert.strictEqual((await fetch(`${app.url}/v1/campaigns`)).status, 404)
    assert.deepStrictEqual((await app.stop()).code, 0)
  })
})
