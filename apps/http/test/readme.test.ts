import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { httpConfigPages, scopePages } from "../src/index.ts"
import { type Service, startService } from "./support/service.ts"

const run = promisify(execFile)
const readme = await readFile(new URL("../README.md", import.meta.url), "utf8")

/** The lines that a reader may paste into a shell. */
const commands = [...readme.matchAll(/```sh\n(.*?)```/gs)]
  .flatMap(([, block = ""]) => block.trim().split("\n"))
  .filter((line) => line.startsWith("curl"))

describe("the README of the service", () => {
  let service: Service
  let env: Record<string, string>

  beforeAll(async () => {
    service = await startService({ CAMPAIGNCTL_HTTP_PORT: "0" })
    while (!service.said.includes("Read more"))
      await new Promise((resolve) => setTimeout(resolve, 10))
    const id = /campaigns\/([0-9a-f-]{36})\/transitions/.exec(service.said)?.[1] ?? ""
    env = { PATH: process.env["PATH"] ?? "", URL: service.url, CAMPAIGN_ID: id }
  })
  afterAll(() => service.end())

  it.each(commands)("%s", async (command) => {
    const { stdout } = await run("sh", ["-c", command.replace("curl", "curl --fail-with-body")], {
      env
    })
    assert.notStrictEqual(stdout.trim(), "")
  })

  it("and the calls that the service prints work as they are printed", async () => {
    const printed = service.said.split("\n").filter((line) => line.startsWith("  curl"))
    assert.lengthOf(printed, 3)
    for (const command of printed) {
      const { stdout } = await run("sh", ["-c", command.replace("curl", "curl --fail-with-body")], {
        env
      })
      assert.isObject(JSON.parse(stdout))
    }
    assert.match(service.said, /embedded simulator/)
  })

  it("lists every configuration value and every scope as they are", () => {
    for (const page of httpConfigPages) {
      const value = "default" in page ? ` \`${page.default}\` ` : " "
      assert.include(readme, `| \`${page.key}\` |${value}| ${page.meaning} |`)
    }
    for (const scope of Object.keys(scopePages)) assert.include(readme, `| \`${scope}\` |`)
  })
})
