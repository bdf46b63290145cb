import { describe, expect, it } from "vitest"
import { envWithoutGenesys } from "../support/envWithoutGenesys.ts"
import { useWorld } from "../support/World.ts"

const world = useWorld()

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`
/** The id of a subscription that there is none of. */
const NOBODY = "0b5d1c9e-4a9f-4d0e-9a64-1f6a3c1d2e3f"

describe("what is wrong with a webhook", () => {
  it("is said all at once", async () => {
    const words = [
      "--description",
      "x".repeat(201),
      "--event",
      "campaign.drain",
      "--division",
      "x",
      "--campaign",
      "y"
    ]
    const { document, exitCode } = await world().json(
      ["webhook", "add", " ", ...words, "--retry-for", "30s"],
      envWithoutGenesys(world())
    )
    expect(exitCode).toBe(2)
    expect(document.error.problems).toMatchObject([
      { key: "url" },
      { key: "--description", found: "201 characters" },
      { key: "--event", found: expect.stringContaining("did you mean campaign.drained?") },
      { key: "--division" },
      { key: "--campaign" },
      { key: "--retry-for" }
    ])
  })

  it.each([
    [["deliveries", "--status", "lost", "--limit", "0", "--before", "x"], 3],
    [["deliveries", "--subscription", "1"], 1],
    [["redeliver"], 1],
    [["redeliver", NOBODY, "--all-dead", NOBODY], 1],
    [["rotate-secret", NOBODY, "--retire-after", "31d"], 1],
    [["enable", "yes"], 1]
  ])("is said of %j", async (words, count) => {
    const ran = await world().json(["webhook", ...words], envWithoutGenesys(world()))
    expect(ran.exitCode).toBe(2)
    expect(ran.document.error.problems).toHaveLength(count)
  })

  it("is never a secret that was pasted where it does not belong", async () => {
    for (const words of [
      ["show", SECRET],
      ["deliveries", "--before", SECRET],
      ["redeliver", SECRET]
    ]) {
      const { exitCode, stderr, stdout } = await world().run(
        ["webhook", ...words],
        envWithoutGenesys(world())
      )
      expect(exitCode).toBe(2)
      expect(stdout + stderr).not.toContain(SECRET)
    }
  })

  it.each([
    ["http://127.0.0.1:9/x", "127.0.0.1"],
    ["https://10.1.2.3/x", "10.1.2.3"],
    ["https://localhost/x", "localhost"],
    ["https://[fd00::1]/x", "fd00::1"]
  ])("is an address of no public host, %s, with what allows it", async (url, host) => {
    const env = envWithoutGenesys(world(), { CAMPAIGNCTL_WEBHOOK_ALLOW: "" })
    const { document, exitCode } = await world().json(["webhook", "add", url], env)
    expect(exitCode).toBe(3)
    expect(document.error).toMatchObject({
      code: "WEBHOOK_RECEIVER_REFUSED",
      nextStep: expect.stringContaining(`CAMPAIGNCTL_WEBHOOK_ALLOW=${host},`)
    })
    const allowing = envWithoutGenesys(world(), { CAMPAIGNCTL_WEBHOOK_ALLOW: host })
    expect(await world().run(["webhook", "add", url, "-q"], allowing)).toMatchObject({
      exitCode: 0,
      stderr: ""
    })
  })

  it("repeats no password of an address", async () => {
    const ran = await world().run(
      ["webhook", "add", "https://ada:hunter2@example.com/x?key=hunter2"],
      envWithoutGenesys(world())
    )
    expect(ran.exitCode).toBe(3)
    expect(ran.stdout + ran.stderr).not.toContain("hunter2")
  })

  it("is a list of allowed receivers that cannot be read", async () => {
    const env = envWithoutGenesys(world(), { CAMPAIGNCTL_WEBHOOK_ALLOW: "10.0.0.0/99" })
    expect(await world().json(["webhook", "list"], env)).toMatchObject({
      exitCode: 2,
      document: { error: { problems: [{ key: "CAMPAIGNCTL_WEBHOOK_ALLOW" }] } }
    })
  })
})

it("explains the errors of webhooks", async () => {
  const { document } = await world().json(["explain-error", "webhook_receiver_refused"], {})
  expect(document).toMatchObject({ code: "WEBHOOK_RECEIVER_REFUSED", exitCode: 3 })
})
