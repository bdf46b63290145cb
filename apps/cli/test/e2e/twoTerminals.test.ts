import { describe, expect, it } from "vitest"
import { type Contract, useWorld } from "../support/World.ts"

const world = useWorld()

describe.each<Contract>(["platform", "etag"])(
  "two terminals at once on the %s contract",
  (contract) => {
    it("on one campaign and one ledger: one change, one chain", async () => {
      const env = world().env(contract)
      const { id } = await world().control.addCampaign({
        name: `Shared ${contract}`,
        status: "on",
        dialingMode: "agentless"
      })
      const before = await world().writes()
      const pause = ["pause", id, "--reason", "OTHER"]
      const [one, two] = await Promise.all([world().json(pause, env), world().json(pause, env)])
      expect([one.exitCode, two.exitCode]).toEqual([0, 0])
      // Either both saw it dial and one lost the race, or one came later; Genesys was written to once.
      expect((await world().writes()) - before).toBe(1)
      const outcomes = [one.document.outcome, two.document.outcome]
      expect(outcomes).toContain("applied")
      const verified = await world().json(["audit", "verify"], env)
      expect(verified.document).toMatchObject({ result: "intact" })
    })

    it("with opposite wishes: the ledger tells the state that Genesys shows", async () => {
      const env = world().env(contract)
      const { id } = await world().control.addCampaign({
        name: `Torn ${contract}`,
        status: "off",
        dialingMode: "agentless"
      })
      const [resumed, archived] = await Promise.all([
        world().json(["resume", id], env),
        world().json(["archive", id], env)
      ])
      for (const { exitCode } of [resumed, archived]) expect([0, 3, 4]).toContain(exitCode)
      const { document } = await world().json(["get", id], env)
      const genesys = await world().control.campaign(id)
      expect(document.state === "active").toBe(genesys.active && genesys.status === "on")
      const verified = await world().json(["audit", "verify"], env)
      expect(verified.document).toMatchObject({ result: "intact" })
    })
  }
)
