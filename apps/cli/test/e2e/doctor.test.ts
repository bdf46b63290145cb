import { describe, expect, it } from "vitest"
import { useWorld } from "../support/World.ts"

const world = useWorld()

interface Check {
  readonly check: string
  readonly status: string
  readonly detail: string
  readonly action?: string
}

const byName = (checks: ReadonlyArray<Check>) =>
  Object.fromEntries(checks.map((found) => [found.check, found]))

describe("doctor", () => {
  it("finds everything well, on both contracts", async () => {
    for (const contract of ["platform", "etag"] as const) {
      const ran = await world().json(["doctor"], world().env(contract))
      expect(ran).toMatchObject({ exitCode: 0, document: { healthy: true } })
      expect(ran.document.checks.map(({ check }: Check) => check)).toEqual([
        "configuration",
        "token",
        "clock",
        "permissions",
        "limits",
        "ledger"
      ])
    }
  })

  it("tells a clock that is off by seconds from one that is off by minutes", async () => {
    const env = world().env()
    for (const [seconds, status, exitCode] of [
      [20, "warning", 0],
      [-600, "failed", 2]
    ] as const) {
      await world().control.dateSkew(seconds)
      const ran = await world().json(["doctor"], env)
      expect(ran.exitCode).toBe(exitCode)
      expect(byName(ran.document.checks)["clock"]).toMatchObject({ status })
      expect(byName(ran.document.checks)["clock"]?.action).toContain("NTP")
    }
    await world().control.dateSkew(0)
  })

  it("names the permission that is missing and what it is for", async () => {
    await world().control.permissions({ revoke: ["outbound:campaign:edit"] })
    const ran = await world().json(["doctor"], world().env())
    await world().control.permissions({ grant: ["outbound:campaign:edit"] })
    expect(ran.exitCode).toBe(5)
    const { permissions } = byName(ran.document.checks)
    expect(permissions).toMatchObject({ status: "failed" })
    expect(permissions?.detail).toContain("outbound:campaign:edit (changing a campaign's status)")
  })

  it("warns where a halt has to pause under the lock, and fails for what nothing replaces", async () => {
    const stop = "outbound:campaign:stop"
    await world().control.permissions({ revoke: [stop] })
    const warned = await world().json(["doctor"], world().env())
    await world().control.permissions({ revoke: ["analytics:queueObservation:view"] })
    const failed = await world().json(["doctor"], world().env())
    await world().control.permissions({ grant: [stop, "analytics:queueObservation:view"] })
    expect(warned).toMatchObject({ exitCode: 0, document: { healthy: true } })
    const { permissions } = byName(warned.document.checks)
    expect(permissions).toMatchObject({ status: "warning" })
    expect(permissions?.detail).toMatch(`${stop} (stopping without a lock in a halt: without it`)
    expect(permissions?.action).toContain("Grant")
    expect(failed.exitCode).toBe(5)
    const both = byName(failed.document.checks)["permissions"]
    expect(both).toMatchObject({ status: "failed" })
    expect(both?.detail).toContain(stop)
    expect(both?.detail).toContain("analytics:queueObservation:view")
  })

  it("lists every problem of the configuration and still looks at the ledger", async () => {
    const env = { ...world().env(), OAUTH_CLIENT_ID: "", CAMPAIGNCTL_MINIMUM_AGENTS: "many" }
    const ran = await world().json(["doctor"], env)
    expect(ran.exitCode).toBe(2)
    const failed = ran.document.checks.filter(({ status }: Check) => status === "failed")
    expect(failed.map(({ detail }: Check) => detail.split(":")[0])).toEqual([
      "OAUTH_CLIENT_ID",
      "CAMPAIGNCTL_MINIMUM_AGENTS"
    ])
    expect(byName(ran.document.checks)["ledger"]).toMatchObject({ status: "ok" })
  })

  it("tells wrong credentials from a host that cannot be reached", async () => {
    const wrong = await world().json(["doctor"], { ...world().env(), OAUTH_CLIENT_ID: "nobody" })
    expect(wrong.exitCode).toBe(5)
    const nowhere = {
      GENESYS_API_URL: "http://127.0.0.1:1",
      GENESYS_LOGIN_URL: "http://127.0.0.1:1"
    }
    const far = await world().json(["doctor"], { ...world().env(), ...nowhere })
    expect(far.exitCode).toBe(7)
    expect(byName(far.document.checks)["token"]?.detail).toContain("unreachable")
  })
})
