import { execFile } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, expect, it } from "vitest"
import { readCompose } from "./rules/compose.ts"
import { composeProblems } from "./rules/composeProblems.ts"
import { composeFile } from "./rules/files.ts"
import { changed } from "./support/changed.ts"

const after = (path: string, value: unknown): ReadonlyArray<string> =>
  composeProblems(readCompose(changed(composeFile(), path.split("."), value)))

const FIRST = "services.campaignctl-1"

describe("the compose file", () => {
  it("has no problem", () => {
    expect(composeProblems(readCompose(composeFile()))).toEqual([])
  })

  it.each([
    [`${FIRST}.environment.CAMPAIGNCTL_RUNNER_HOST`, "campaignctl-2"],
    [`${FIRST}.environment.CAMPAIGNCTL_RUNNER_LISTEN_HOST`, "127.0.0.1"],
    [`${FIRST}.environment.CAMPAIGNCTL_RUNNER_PORT`, "4020"],
    [`${FIRST}.environment.CAMPAIGNCTL_SHUTDOWN_SECONDS`, "36"],
    [`${FIRST}.environment.CAMPAIGNCTL_DATABASE_URL`, "x"],
    [`${FIRST}.environment.CAMPAIGNCTL_PORT`, "4020"],
    [`${FIRST}.stop_grace_period`, "29s"],
    [`${FIRST}.stop_grace_period`, "1m"],
    [`${FIRST}.ports`, ["8081:4020"]],
    [`${FIRST}.ports`, ["127.0.0.1:8081:4021"]],
    [`${FIRST}.ports`, ["127.0.0.1:8082:4020"]],
    [`${FIRST}.volumes`, ["journal-2:/var/lib/campaignctl"]],
    [`${FIRST}.volumes`, ["journal-1:/tmp"]],
    [`${FIRST}.volumes`, ["journal:/var/lib/campaignctl"]],
    [`${FIRST}.user`, "0:0"],
    [`${FIRST}.healthcheck.test`, ["CMD", "node", "--eval", "fetch(`http://x/healthz`)"]],
    [`${FIRST}.networks`, ["other"]],
    [`${FIRST}.secrets`, ["other"]],
    ["services.postgres.image", "postgres"],
    ["services.postgres.environment.POSTGRES_PASSWORD", "x"],
    ["services.postgres.healthcheck.test", ["CMD", "true"]],
    ["secrets.campaignctl.file", "./campaignctl.yaml"]
  ])("a problem is found where %s is %j", (path, value) => {
    expect(after(path, value)).not.toEqual([])
  })

  it.each([
    [`${FIRST}.read_only`, false],
    [`${FIRST}.privileged`, true],
    [`${FIRST}.cap_drop`, undefined],
    [`${FIRST}.deploy.resources.limits.memory`, undefined],
    [`${FIRST}.depends_on.postgres.condition`, "service_started"],
    ["services.campaignctl-3", undefined],
    ["services.postgres.healthcheck", undefined]
  ])("is refused where %s is %j", (path, value) => {
    expect(() => after(path, value)).toThrow(/./)
  })

  it.each([
    [200, 0],
    [503, 1],
    [undefined, 1]
  ])("its health check, where the service answers with %s, ends with %i", async (status, code) => {
    const asked: Array<string | undefined> = []
    const server = createServer(({ url }, response) => {
      asked.push(url)
      response.writeHead(status ?? 500).end()
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    // A listening TCP server has an address of this form.
    const { port } = server.address() as AddressInfo
    if (status === undefined) await new Promise((resolve) => server.close(resolve))
    const [, , ...words] = readCompose(composeFile()).services["campaignctl-1"].healthcheck.test
    // Compose makes one dollar sign of two.
    const args = words.map((word) => word.replaceAll("$$", "$"))
    const ended = await new Promise<unknown>((resolve) =>
      execFile(process.execPath, args, { env: { CAMPAIGNCTL_HTTP_PORT: String(port) } }, (error) =>
        resolve(error === null ? 0 : error.code)
      )
    )
    server.close()
    assert.strictEqual(ended, code)
    assert.deepStrictEqual(asked, status === undefined ? [] : ["/readyz"])
  })
})
