import { expect, it } from "vitest"
import { until } from "../support/until.ts"
import { useWorld } from "../support/World.ts"

const world = useWorld(["--call-seconds", "0.5-1"])

it("pauses in the service what may not dial, and says so on the command line", async () => {
  const env = world().env("platform", {
    CAMPAIGNCTL_CALLING_WINDOW: "closed UTC",
    CAMPAIGNCTL_GUARD_CARE: '{"namePattern":"Guarded *"}',
    CAMPAIGNCTL_HTTP_PORT: "0"
  })
  expect((await world().run(["guard", "status"], env)).stdout).toContain("No guard has looked yet")
  const { id } = await world().control.addCampaign({
    name: "Guarded one",
    status: "on",
    dialingMode: "agentless"
  })
  const other = await world().control.addCampaign({
    name: "Not guarded",
    status: "on",
    dialingMode: "agentless"
  })
  const service = world().start(["serve"], env)
  try {
    const audit = await until(
      async () => (await world().json(["audit", "list", "--campaign", id], env)).document,
      (entries) => entries.some(({ outcome }: { outcome: string }) => outcome === "applied")
    )
    expect(audit.find(({ outcome }: { outcome: string }) => outcome === "applied")).toMatchObject({
      source: "guard",
      targetState: "paused",
      pauseReason: "COMPLIANCE",
      note: expect.stringMatching(/./),
      success: true
    })
    const status = await world().json(["guard", "status"], env)
    expect(status).toMatchObject({
      exitCode: 0,
      document: { campaigns: [{ campaignId: id, last: { act: "pause" } }] }
    })
    const audited = await world().json(["audit", "list", "--campaign", other.id], env)
    expect(audited.document).toEqual([])
  } finally {
    service.child.kill("SIGTERM")
  }
  expect((await service.done).exitCode).toBe(0)
})
