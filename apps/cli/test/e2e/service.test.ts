import { describe, expect, it } from "vitest"
import { start } from "../support/Cli.ts"
import { useWorld } from "../support/World.ts"

const world = useWorld()

describe("the HTTP service from the command line", () => {
  it("makes a key, serves whoever shows it, and takes it back at once", async () => {
    const env = { ...world().env("platform"), CAMPAIGNCTL_HTTP_PORT: "0" }
    const made = await world().json(
      ["key", "create", "--name", "wfm", "--scope", "campaigns:read", "--expires", "1d"],
      env
    )
    const { id, key } = made.document
    expect(made).toMatchObject({
      exitCode: 0,
      document: { name: "wfm", scopes: ["campaigns:read"] }
    })
    expect(key).toMatch(new RegExp(`^cck_${id}_[\\w-]{43}$`))

    const service = start(["serve"], env)
    const url = await new Promise<string>((resolve, reject) => {
      let said = ""
      service.child.stdout?.on("data", (text: string) => {
        said += text
        const found = /listens on (\S+)/.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      void service.done.then(({ stderr }) => reject(new Error(stderr)))
    })
    const status = async (credential?: string) =>
      (
        await fetch(`${url}/v1/campaigns`, {
          headers: credential === undefined ? {} : { authorization: `Bearer ${credential}` }
        })
      ).status
    expect([await status(), await status(key)]).toEqual([401, 200])

    const listed = await world().json(["key", "list"], env)
    expect(listed.document).toMatchObject([
      { id, status: "usable", lastUsedAt: expect.any(String) }
    ])
    expect(listed.stdout).not.toContain(key)
    expect(await world().json(["key", "revoke", id], env)).toMatchObject({ exitCode: 0 })
    expect(await status(key)).toBe(401)
    service.child.kill("SIGTERM")
    const ended = await service.done
    expect(ended.exitCode).toBe(0)
    expect(ended.stdout + ended.stderr).not.toContain(key)
  })

  it("says what is wrong with a key that is asked for, all of it at once", async () => {
    const { document, exitCode } = await world().json(
      ["key", "create", "--scope", "campaign:read", "--division", "x", "--expires", "never"],
      world().env("platform")
    )
    expect(exitCode).toBe(2)
    expect(document.error.problems.map(({ key }: { key: string }) => key)).toEqual([
      "--name",
      "--scope",
      "--division",
      "--expires"
    ])
  })

  it("explains the codes that only the service has", async () => {
    const { document, exitCode } = await world().json(
      ["explain-error", "precondition_failed"],
      world().env("platform")
    )
    expect({ document, exitCode }).toMatchObject({
      exitCode: 0,
      document: { code: "PRECONDITION_FAILED", statuses: [412] }
    })
  })
})
