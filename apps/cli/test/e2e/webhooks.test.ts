import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Webhook } from "standardwebhooks"
import { describe, expect, it } from "vitest"
import type { Running } from "../support/Cli.ts"
import { type Received, startReceiver } from "../support/receiver.ts"
import { listening } from "../support/listening.ts"
import { envWithoutGenesys } from "../support/envWithoutGenesys.ts"
import { until } from "../support/until.ts"
import { useWorld } from "../support/World.ts"

const world = useWorld(["--call-seconds", "0.1-0.2"])

const ALLOWED = { CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1" }
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`

/** Whether a message is signed with a secret, as the specification's library judges. */
const isSigned = (secret: string, { body, headers }: Received): boolean => {
  try {
    new Webhook(secret).verify(body, { ...headers })
    return true
  } catch {
    return false
  }
}

const ended = async (service: Running): Promise<void> => {
  service.child.kill("SIGTERM")
  expect((await service.done).exitCode).toBe(0)
}

describe("webhooks without a service", () => {
  it("are kept, shown, turned off and on, and removed, with nothing of Genesys at hand", async () => {
    const env = envWithoutGenesys(world(), ALLOWED)
    const division = world().ready.campaigns.map(({ id }) => id)[0] ?? ""
    const added = await world().json(
      [
        "webhook",
        "add",
        "http://127.0.0.1:9/hook?token=t",
        "--description=wfm",
        "--event=halt.raised",
        "--event=halt.lifted",
        "--retry-for=12h",
        `--campaign=${world().idOf("Mortgage Leads").toUpperCase()}`,
        `--division=${division}`
      ],
      env
    )
    expect(added).toMatchObject({
      exitCode: 0,
      document: {
        url: "http://127.0.0.1:9/hook?token=t",
        eventTypes: ["halt.raised", "halt.lifted"],
        filter: { campaignIds: [world().idOf("Mortgage Leads")], divisionIds: [division] },
        description: "wfm",
        retryForMs: 12 * 3_600_000,
        disabled: null,
        createdBy: "tester@example.com",
        secret: expect.stringMatching(/^whsec_/)
      }
    })
    expect(added.stderr).toContain("shown this once")
    expect(added.stderr).toContain("No `campaignctl serve` runs")
    const { id, secret } = added.document

    const listed = await world().run(["webhook", "list"], env)
    expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(id) })
    expect(listed.stdout).not.toContain("token=t")
    const disabled = await world().json(["webhook", "disable", id], env)
    expect(disabled.document).toMatchObject({ id, disabled: { reason: "asked" } })
    const shown = await world().run(["webhook", "show", id.toUpperCase()], env)
    expect(shown.stdout).toContain("disabled since")
    const enabled = await world().json(["webhook", "enable", id], env)
    expect(enabled.document).toMatchObject({ id, disabled: null })
    for (const { stderr, stdout } of [listed, disabled, shown, enabled])
      expect(stdout + stderr).not.toContain(secret)

    const unasked = await world().json(["webhook", "remove", id], env)
    expect(unasked).toMatchObject({
      exitCode: 2,
      document: { error: { problems: [{ key: "--yes" }] } }
    })
    expect(await world().run(["webhook", "remove", id, "--yes"], env)).toMatchObject({
      exitCode: 0
    })
    for (const words of [
      ["show", id],
      ["remove", id, "--yes"],
      ["test", id],
      ["enable", id],
      ["rotate-secret", id],
      ["redeliver", "--all-dead", id],
      ["deliveries", "--subscription", id]
    ])
      expect(await world().json(["webhook", ...words], env)).toMatchObject({
        exitCode: 6,
        document: { error: { code: "WEBHOOK_SUBSCRIPTION_NOT_FOUND" } }
      })
    expect(await world().run(["webhook", "list"], env)).toMatchObject({
      stdout: "",
      stderr: expect.stringContaining("There is no webhook subscription.")
    })
  })

  it("are tested from the command line: signed with each secret that is used, and the answer told", async () => {
    const env = envWithoutGenesys(world(), ALLOWED)
    const receiver = await startReceiver()
    const { document: added } = await world().json(["webhook", "add", receiver.url], env)
    const tested = await world().json(["webhook", "test", added.id], env)
    expect(tested).toMatchObject({ exitCode: 0, document: { delivered: true, status: 204 } })
    expect(receiver.received).toMatchObject([{ id: tested.document.eventId, type: "webhook.test" }])

    const { document: rotated } = await world().json(["webhook", "rotate-secret", added.id], env)
    await world().run(["webhook", "test", added.id], env)
    const { document: alone } = await world().json(
      ["webhook", "rotate-secret", added.id, "--retire-after", "now"],
      env
    )
    await world().run(["webhook", "test", added.id], env)
    const secrets: ReadonlyArray<string> = [added.secret, rotated.secret, alone.secret]
    expect(
      receiver.received.map((message) => secrets.map((secret) => isSigned(secret, message)))
    ).toEqual([
      [true, false, false],
      [true, true, false],
      [false, false, true]
    ])

    receiver.answer(500)
    expect(await world().json(["webhook", "test", added.id], env)).toMatchObject({
      exitCode: 7,
      document: { delivered: false, status: 500 }
    })
    await receiver[Symbol.asyncDispose]()
    const down = await world().run(["webhook", "test", added.id], env)
    expect(down).toMatchObject({ exitCode: 7, stdout: expect.stringContaining("no answer") })
    const { document: audited } = await world().json(["audit", "list", "--kind", "delivery"], env)
    expect(audited.map(({ success }: { success: boolean }) => success)).toEqual([
      true,
      true,
      true,
      false,
      false
    ])
  })

  it("take a secret from a file or from stdin, and repeat none", async () => {
    const env = envWithoutGenesys(world(), ALLOWED)
    const receiver = await startReceiver()
    const file = join(world().directory, "secret")
    await writeFile(file, `${SECRET}\n`)
    const add = ["webhook", "add", receiver.url, "--secret-file"]
    const fromFile = await world().json([...add, file], env)
    const fromStdin = await world().json([...add, "-"], env, { shellFirst: `exec <${file}` })
    for (const { document, exitCode, stdout } of [fromFile, fromStdin]) {
      expect(exitCode).toBe(0)
      expect(stdout).not.toContain(SECRET)
      await world().run(["webhook", "test", document.id], env)
    }
    expect(receiver.received.map((message) => isSigned(SECRET, message))).toEqual([true, true])
    await receiver[Symbol.asyncDispose]()

    await writeFile(file, "hunter2-is-no-secret")
    const refusals = await Promise.all([
      world().json([...add, file], env),
      world().json([...add, "-"], env),
      world().json([...add, join(world().directory, "nowhere")], env)
    ])
    for (const { document, exitCode, stderr, stdout } of refusals) {
      expect(exitCode).toBe(2)
      expect(document.error.problems).toMatchObject([{ key: "--secret-file" }])
      expect(stdout + stderr).not.toContain("hunter2")
    }
  })
})

describe("webhooks beside the service", () => {
  it("are sent by it while the command line looks on, and again when asked for", async () => {
    const env = world().env("platform", ALLOWED)
    const receiver = await startReceiver()
    const service = await listening(world(), env)
    try {
      const added = await world().json(["webhook", "add", receiver.url], env)
      expect(added).toMatchObject({ exitCode: 0 })
      expect(added.stderr).not.toContain("No `campaignctl serve`")
      const { id, secret } = added.document
      const campaignId = world().idOf("Spring Renewals UK")
      const change = await world().json(["pause", campaignId, "--reason", "OTHER"], env)
      const delivered = await until(
        async () =>
          (await world().json(["webhook", "deliveries", "--status", "delivered"], env)).document,
        (found) =>
          found.some(
            (one: { campaignId: string; auditSequence: number | null }) =>
              one.campaignId === campaignId && one.auditSequence !== null
          )
      )
      const told = delivered.find(
        ({ eventSequence }: { eventSequence: number }) =>
          eventSequence === change.document.auditSequence
      )
      expect(told).toMatchObject({ eventType: "campaign.state.changed", lastStatus: 204 })
      const message = receiver.received.find(({ id }) => id === told.eventId)
      expect(message === undefined ? false : isSigned(secret, message)).toBe(true)

      // Who was told what, when, with which answer.
      const entry = await world().run(["audit", "show", `${told.auditSequence}`], env)
      expect(entry.stdout).toMatch(new RegExp(`delivery\\.eventId +${told.eventId}`))
      expect(entry.stdout).toMatch(/delivery\.status +204/)
      const entries = await world().run(["audit", "list", "--kind", "delivery"], env)
      const { origin } = new URL(receiver.url)
      expect(entries.stdout).toMatch(
        new RegExp(`Spring Renewals UK +delivery +campaign.state.changed.* to ${origin}/…`)
      )

      // It is gone for good: the subscription is disabled, and what could not be delivered is kept.
      receiver.answer(410)
      await world().run(["complete", campaignId], env)
      const disabled = await until(
        async () => (await world().json(["webhook", "show", id], env)).document,
        (found) => found.disabled !== null
      )
      expect(disabled).toMatchObject({ disabled: { reason: "gone" } })
      const dead = await until(
        async () =>
          (await world().json(["webhook", "deliveries", "--status", "dead"], env)).document,
        (found) =>
          found.length > 0 &&
          found.every((one: { auditSequence: number | null }) => one.auditSequence !== null)
      )
      expect(await world().json(["webhook", "redeliver", "--all-dead", id], env)).toMatchObject({
        exitCode: 3,
        document: { error: { code: "WEBHOOK_DELIVERY_NOT_REPEATABLE" } }
      })

      receiver.answer(204)
      await world().run(["webhook", "enable", id], env)
      const again = await world().json(["webhook", "redeliver", "--all-dead", id], env)
      expect(again).toMatchObject({ exitCode: 0, document: { redelivered: dead.length } })
      const one = await until(
        async () => (await world().json(["webhook", "deliveries", dead[0].id], env)).document,
        ({ status }) => status === "delivered"
      )
      expect(one).toMatchObject({
        eventId: dead[0].eventId,
        status: "delivered",
        tries: [
          { number: 1, status: 410 },
          { number: 2, status: 204 }
        ]
      })
      const shown = await world().run(["webhook", "deliveries", dead[0].id], env)
      expect(shown.stdout).toContain("410")
    } finally {
      await ended(service)
      await receiver[Symbol.asyncDispose]()
    }
  })

  it("wait for it where none runs, and are sent when one starts", async () => {
    const env = world().env("platform", ALLOWED)
    const receiver = await startReceiver()
    const { document: added } = await world().json(["webhook", "add", receiver.url], env)
    await world().run(["pause", world().idOf("Mortgage Leads"), "--reason", "OTHER"], env)
    expect(receiver.received).toEqual([])
    const service = await listening(world(), env)
    try {
      await until(
        () => receiver.received,
        (received) => received.some(({ type }) => type === "campaign.state.changed")
      )
      expect(receiver.received).not.toEqual([])
      for (const message of receiver.received) expect(isSigned(added.secret, message)).toBe(true)
      const status = await until(
        async () => (await world().json(["watch", "status"], env)).document,
        ({ listedAt, watches }) => watches && listedAt !== null
      )
      expect(status).toMatchObject({
        watches: true,
        eventsAvailable: true,
        campaigns: world().ready.campaigns.length
      })
    } finally {
      await ended(service)
      await receiver[Symbol.asyncDispose]()
    }
  })
})
