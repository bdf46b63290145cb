import { describe, expect, it } from "vitest"
import { type Contract, useWorld } from "../support/World.ts"
import type { Env, Ran, Running } from "../support/Cli.ts"

const world = useWorld()

/** Milliseconds for which a request hangs: longer than any part of the test around it. */
const HANG_MS = 30_000

const expectSettled = async (
  env: Env
): Promise<ReadonlyArray<{ campaignId: string; outcome: string | null }>> => {
  const verified = await world().json(["audit", "verify"], env)
  expect(verified).toMatchObject({ exitCode: 0, document: { sound: true } })
  const { document } = await world().json(["audit", "list"], env)
  const kinds = document.map(({ kind }: { kind: string }) => kind)
  expect(kinds.filter((kind: string) => kind === "intent")).toHaveLength(
    kinds.filter((kind: string) => kind === "outcome").length
  )
  return document
}

const untilHeld = async (fault: string): Promise<void> => {
  for (;;) {
    const waiting = await world().control.faults()
    if (!waiting.some(({ id }) => id === fault)) return
  }
}

const interrupted = async (running: Running, signal: NodeJS.Signals): Promise<Ran> => {
  running.child.kill(signal)
  return running.done
}

describe.each<Contract>(["platform", "etag"])("Ctrl-C on the %s contract", (contract) => {
  const method = contract === "platform" ? "PUT" : "PATCH"
  it.each([
    { signal: "SIGINT", exitCode: 130, when: "before" },
    { signal: "SIGTERM", exitCode: 143, when: "before" },
    { signal: "SIGHUP", exitCode: 129, when: "before" },
    { signal: "SIGINT", exitCode: 130, when: "after" }
  ] as const)(
    "$signal while the write hangs ($when it is applied) settles the audit",
    async ({ exitCode, signal, when }) => {
      const env = world().env(contract)
      const { id } = await world().control.addCampaign({
        name: `Hang ${contract} ${signal} ${when}`,
        status: "on",
        dialingMode: "agentless"
      })
      const fault = await world().control.fault({
        kind: "latency",
        milliseconds: HANG_MS,
        when,
        method,
        campaignId: id
      })
      const running = world().start(["pause", id, "--reason", "OTHER", "-o", "json"], env)
      await untilHeld(fault.id)
      const ran = await interrupted(running, signal)
      expect(ran.exitCode).toBe(exitCode)
      expect(JSON.parse(ran.stdout)).toMatchObject({
        campaignId: id,
        to: "paused",
        outcome: "unknown",
        error: { code: "OUTCOME_UNKNOWN" }
      })
      expect(ran.stderr).toContain("the audit is being settled")
      expect(ran.stderr).toContain("1 of 1 campaign was not finished")
      const entries = await expectSettled(env)
      // What still hangs may be applied once nobody looks any more.
      expect(entries.at(-1)?.outcome).toBe(when === "after" ? "applied" : "unknown")
    }
  )
})

describe("Ctrl-C while calls are waited for", () => {
  it("ends at once; the pause stands, is said and is recorded", async () => {
    const env = world().env()
    const id = world().idOf("Spring Renewals UK")
    await world().control.changeCampaign(id, {
      status: "on",
      outstandingCalls: 3,
      callSeconds: 900
    })
    const running = world().start(["pause", id, "--reason", "OTHER", "--wait", "-o", "json"], env)
    await running.sawOnStderr(/drains/)
    const ran = await interrupted(running, "SIGINT")
    expect(ran.exitCode).toBe(130)
    expect(JSON.parse(ran.stdout)).toMatchObject({
      outcome: "applied",
      drained: false,
      drain: { result: "interrupted" }
    })
    const entries = await expectSettled(env)
    expect(entries.at(-1)?.outcome).toBe("applied")
  })

  it("ends without waiting for anything the second time", async () => {
    const env = world().env()
    const { id } = await world().control.addCampaign({
      name: "Twice",
      status: "on",
      dialingMode: "agentless"
    })
    const hang = {
      kind: "latency",
      milliseconds: HANG_MS,
      campaignId: id,
      count: "always",
      after: 1
    } as const
    await world().control.fault(hang)
    const running = world().start(["pause", id, "--reason", "OTHER"], env)
    while ((await world().control.requests({ campaignId: id, method: "PUT" })).length === 0);
    running.child.kill("SIGINT")
    await running.sawOnStderr(/settled/)
    expect((await interrupted(running, "SIGINT")).exitCode).toBe(130)
    await world().control.clearFaults()
    // What the second Ctrl-C left open, the next change settles and says so.
    const next = await world().run(["pause", id, "--reason", "OTHER"], env)
    expect(next).toMatchObject({ exitCode: 0 })
    expect(next.stderr).toContain("It was settled by reading the campaign back")
    await expectSettled(env)
  })
})

describe("Ctrl-C in the middle of a halt", () => {
  it("says that it is not done, and what holds goes on holding", async () => {
    const env = world().env()
    const { id } = await world().control.addCampaign({
      name: "Cut short",
      status: "on",
      dialingMode: "agentless"
    })
    const running = world().start(["halt", "--selector", `id=${id}`, "--name", "storm"], env)
    await new Promise<void>((resolve, reject) => {
      running.child.stdout?.once("data", () => resolve())
      void running.done.then(({ stderr }) => reject(new Error(stderr)))
    })
    const ran = await interrupted(running, "SIGINT")
    expect(ran.exitCode).toBe(130)
    expect(ran.stderr).toMatch(
      /The halt is NOT done: \d of 1 campaigns dialled .* until `campaignctl halt lift storm`/
    )
    await expectSettled(env)
    expect((await world().json(["halt", "list"], env)).document).toMatchObject([
      { name: "storm", liftedAt: null }
    ])
  })
})

describe("kill -9 while a change is sent", () => {
  it.each([
    { when: "before", says: "the change was not made", outcome: "recovered", success: false },
    { when: "after", says: "the change was made", outcome: "recovered", success: true }
  ] as const)(
    "($when it is applied) is settled by the next change",
    async ({ says, when, ...last }) => {
      const env = world().env()
      const { id } = await world().control.addCampaign({
        name: `Killed ${when}`,
        status: "on",
        dialingMode: "agentless"
      })
      const fault = await world().control.fault({
        kind: "latency",
        milliseconds: HANG_MS,
        when,
        method: "PUT",
        campaignId: id
      })
      const running = world().start(["pause", id, "--reason", "OTHER"], env)
      await untilHeld(fault.id)
      expect(await interrupted(running, "SIGKILL")).toMatchObject({ signal: "SIGKILL" })
      const other = world().idOf("Mortgage Leads")
      const next = await world().run(["complete", other], env)
      expect(next.stderr).toContain(says)
      const entries = await expectSettled(env)
      expect(entries.findLast((entry) => entry.campaignId === id)).toMatchObject(last)
    }
  )
})

describe("a reader that has seen enough", () => {
  it("ends an export quietly", async () => {
    const env = world().env()
    const id = world().idOf("Mortgage Leads")
    for (let count = 0; count < 3; count++) await world().run(["complete", id], env)
    const running = world().start(["audit", "export"], env)
    running.child.stdout?.destroy()
    expect(await running.done).toMatchObject({ exitCode: 0, stderr: "" })
  })
})

describe("an output that takes no more", () => {
  // Linux alone has a file that is always full.
  it.runIf(process.platform === "linux")(
    "is said for what it is, and the change stands in the audit",
    async () => {
      const env = world().env()
      const { id } = await world().control.addCampaign({
        name: "Full",
        status: "on",
        dialingMode: "agentless"
      })
      const words = ["pause", id, "--reason", "OTHER", "-o", "json"]
      const ran = await world().start(words, env, { shellFirst: "exec >/dev/full" }).done
      expect(ran.exitCode).toBe(1)
      expect(ran.stderr).toContain("the output could not be written (ENOSPC)")
      expect(ran.stderr).not.toContain("a fault of its own")
      expect((await expectSettled(env)).at(-1)?.outcome).toBe("applied")
    }
  )
})
