import { spawn } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  defaultMatrix,
  renderConfigPages,
  renderMatrix,
  renderStateDiagram
} from "@campaignctl/core"
import { type Simulator, startSimulator } from "@campaignctl/genesys-simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ended, environment, freePort, server, temporaryFolder } from "./support/running.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const readme = readFileSync(join(root, "README.md"), "utf8")

/** The block that is marked with these words behind its fence. */
const block = (mark: string, page = readme): string => {
  const found = page.split(`\n\`\`\`${mark}\n`)[1]?.split("\n```")[0]
  if (found === undefined) throw new Error(`The page has no block ${mark}.`)
  return found
}

let simulator: Simulator
const folder = temporaryFolder()
/** Inside this package, so that the programs find what it depends on. */
const programs = fileURLToPath(new URL("../.readme", import.meta.url))

const campaign = (name: string): string =>
  simulator.campaigns.find((one) => one.name === name)?.id ?? `no campaign ${name}`

/** Runs a program as the README's reader would, against the simulator. */
const run = (
  command: string,
  args: ReadonlyArray<string>,
  name: string,
  more: Readonly<Record<string, string>> = {}
) =>
  ended(
    spawn(command, args, {
      cwd: root,
      env: {
        ...environment(simulator, folder.path),
        CAMPAIGN: campaign(name),
        PATH: `${join(root, "node_modules", ".bin")}:${process.env["PATH"]}`,
        ...more
      },
      stdio: ["ignore", "pipe", "pipe"]
    })
  )

const program = (name: string): string => {
  const mark = `${name.endsWith(".ts") ? "ts" : "js"} ${name}`
  const path = join(programs, name)
  writeFileSync(
    path,
    block(mark).replace('"ledger.db"', JSON.stringify(join(folder.path, "own.db")))
  )
  return path
}

beforeAll(async () => {
  simulator = await startSimulator()
  mkdirSync(programs, { recursive: true })
})
afterAll(async () => {
  await simulator.close()
  folder[Symbol.dispose]()
  rmSync(programs, { recursive: true, force: true })
})

describe("the README at the root", () => {
  const commands = block("sh cli").split("\n")

  it("has commands to run", () => {
    expect(commands.length).toBeGreaterThan(10)
  })

  it("says what stands for each variable of its commands, with campaigns that there are", () => {
    for (const [, name = ""] of readme.matchAll(/\$([A-Z_]+)\b/g))
      expect(readme).toContain(`export ${name}=`)
    const named = [...readme.matchAll(/export CAMPAIGN=([0-9a-f-]{36})/g)].map(([, id]) => id)
    expect(named).toEqual([campaign("Spring Renewals UK"), campaign("Collections Early Stage")])
  })

  it.each(commands)("%s", async (command) => {
    const { code, output } = await run("sh", ["-c", command], "Spring Renewals UK")
    expect(output).not.toBe("")
    expect({ code, output }).toMatchObject({ code: 0 })
  })

  it.each(block("sh cli many").split("\n"))("%s", async (command) => {
    writeFileSync(join(folder.path, "fleet.yaml"), block("yaml fleet.yaml"))
    const here = command.replaceAll(/\b(fleet\.yaml|plan\.json)/g, join(folder.path, "$1"))
    const { code, output } = await run("sh", ["-c", here], "Spring Renewals UK")
    expect(output).not.toBe("")
    // As the text says: something differs from the file.
    expect({ code, output }).toMatchObject({ code: command.includes(" plan ") ? 2 : 0 })
  })

  it("tells another system, with the receiver of the page on receiving", async () => {
    const page = readFileSync(join(root, "packages/webhooks/docs/receive.md"), "utf8")
    const port = String(await freePort())
    const here = (text: string): string => text.replaceAll("4711", port)
    writeFileSync(join(folder.path, "verify.ts"), block("ts", page))
    writeFileSync(join(folder.path, "receiver.mjs"), here(block("js receiver.mjs", page)))
    const more: Record<string, string> = { CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1" }
    const [add = "", ...others] = block("sh cli tell").split("\n").map(here)
    const added = await run("sh", ["-c", add], "Spring Renewals UK", more)
    expect(added).toMatchObject({ code: 0 })
    const word = (name: string) => new RegExp(`${name} +(\\S+)`).exec(added.output)?.[1] ?? ""
    more["SUBSCRIPTION"] = word("subscription")

    await using receiver = await server(
      join(folder.path, "receiver.mjs"),
      { ...environment(simulator, folder.path), WEBHOOK_SECRET: word("secret") },
      folder.path
    )
    for (const command of others) {
      const { code, output } = await run("sh", ["-c", command], "Spring Renewals UK", more)
      expect(output).not.toBe("")
      expect({ command, code, output }).toMatchObject({ code: 0 })
    }
    const unsigned = await fetch(receiver.url, { method: "POST", body: "{}" })
    expect(unsigned.status).toBe(401)
    const { output } = await receiver.stop()
    expect(output).toContain("webhook.test")
    expect(output.match(/refused/g)).toHaveLength(1)
  })

  it("has a plain JavaScript example that runs", async () => {
    const { code, output } = await run(
      process.execPath,
      [program("embed.mjs")],
      "Collections Early Stage"
    )
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Collections Early Stage: \w+ -> (draining|paused)$/m)
    })
  })

  it("has an Effect example that type-checks and runs", async () => {
    const path = program("embed.ts")
    const config = join(programs, "tsconfig.json")
    writeFileSync(config, JSON.stringify({ extends: "../tsconfig.json", include: ["*.ts"] }))
    const checked = await run("tsc", ["-p", config], "Spring Renewals UK")
    expect(checked).toEqual({ code: 0, output: "" })
    const { code, output } = await run(process.execPath, [path], "Collections Early Stage")
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringMatching(/audit entry \d+/)
    })
  })

  it("has the tables that the code has", () => {
    expect(readme).toContain(renderMatrix(defaultMatrix).trim())
    expect(readme).toContain(renderStateDiagram(defaultMatrix).trim())
    expect(readme).toContain(renderConfigPages().trim())
  })
})
