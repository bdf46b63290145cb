import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer, type AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type BudgetClass, budgetClasses, defaultBudgetPolicy, isPaced } from "@campaignctl/core"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { expect, it } from "vitest"
import type { OperationKind, OperationStatus } from "../src/index.ts"
import { addCampaign, type Simulator, startSimulator } from "./support/simulator.ts"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
const PROGRAM = fileURLToPath(new URL("programs/embedded.ts", import.meta.url))

const run = promisify(execFile)
const OPERATION_ID = "0192f4d2-7c3a-7000-8000-000000000001"
const SURVEYS = ["Survey east", "Survey north", "Survey west"]
const SAID = ["fleet succeeded", ...SURVEYS.map((name) => `${name}: applied, now paused`)]

const KINDS: Readonly<Record<OperationKind, string>> = {
  Transition: "one campaign changed, and its drain waited for where a deadline is given",
  Fleet:
    "many campaigns, chosen by ids, division, name pattern, queue, state, or all of them; in a chosen order, so many at once, up to a limit of failures; can be planned, watched, paused, resumed, cancelled",
  Halt: "the panic stop, with its proof; holds until it is lifted by name"
}

const STATUSES: Readonly<Record<OperationStatus, string>> = {
  pending: "durable, not begun",
  running: "begun",
  paused: "begun; nothing new is begun until it is resumed",
  succeeded: "all that was asked is so",
  partial: "some campaigns were changed and some were not",
  failed: "nothing was changed, or the fleet could not be listed",
  cancelled: "ended by an operator; what was done stays done"
}

const FOR: Readonly<Record<BudgetClass, string>> = {
  halt: "halts",
  operator: "people and programs that wait for one change",
  guard: "the guard",
  fleet: "fleets",
  schedule: "what a schedule fired"
}

const turnsOf = (name: BudgetClass): string =>
  name === "halt"
    ? "overtakes all, and has a share kept for it"
    : `${defaultBudgetPolicy.weights[name]} of ${Object.values(defaultBudgetPolicy.weights).reduce((sum, weight) => sum + weight)} turns`

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const words = (of: Readonly<Record<string, string>>): ReadonlyArray<ReadonlyArray<string>> =>
  Object.entries(of).map(([name, means]) => [`\`${name}\``, means])

const tables = {
  kinds: table(["kind", "what it does"], words(KINDS)),
  statuses: table(["status", "means"], words(STATUSES)),
  budget: table(
    ["class", "requests for", "while several wait", "paced"],
    budgetClasses.map((name) => [
      `\`${name}\``,
      FOR[name],
      turnsOf(name),
      isPaced(name) ? "yes" : "no"
    ])
  )
}

it.each(Object.entries(tables))("has the table of %s that the code gives", (name, expected) => {
  expect(readme).toContain(`<!-- ${name}: generated -->\n\n${expected}\n\n<!-- /${name} -->`)
})

it("shows the program that runs here, and no other", () => {
  expect([...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)).toEqual([
    readFileSync(PROGRAM, "utf8")
  ])
})

it("links to pages that are there", () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = ""]) => path)
  expect(links).toContain("docs/halt.md")
  for (const path of links)
    expect(() => readFileSync(new URL(`../${path}`, import.meta.url))).not.toThrow()
})

/** A port that nobody listens on. */
const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      // A listening TCP server has an address of this form.
      const { port } = server.address() as AddressInfo
      server.close(() => found(port))
    })
  })

const runProgram = async ({ ready }: Simulator, databaseUrl: string) => {
  const { stdout } = await run(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env["PATH"],
      GENESYS_API_URL: ready.apiUrl,
      GENESYS_LOGIN_URL: ready.loginUrl,
      OAUTH_CLIENT_ID: ready.clientId,
      OAUTH_CLIENT_SECRET: ready.clientSecret,
      CAMPAIGNCTL_DATABASE_URL: databaseUrl,
      RUNNER_PORT: String(await freePort()),
      OPERATION_ID
    }
  })
  // The log is on the same stream: of two processes one may tell that the other has left.
  return stdout.split("\n").filter((line) => /^(?:fleet|Survey) /.test(line))
}

const withSurveys = async () => {
  const simulator = await startSimulator()
  for (const name of SURVEYS) await addCampaign(simulator.control, { name, status: "on" })
  return simulator
}

/** Pauses that the simulator has taken from programs. */
const pauses = async ({ control }: Simulator): Promise<number> =>
  (await control.writes({ by: "api" })).filter(({ from }) => from === "on").length

it("pauses a fleet on SQLite as it says, once however often it is submitted", async () => {
  await using simulator = await withSurveys()
  const folder = mkdtempSync(join(tmpdir(), "operations-"))
  try {
    const databaseUrl = `file:${join(folder, "ledger.db")}`
    expect(await runProgram(simulator, databaseUrl)).toEqual(SAID)
    expect(await runProgram(simulator, databaseUrl)).toEqual(SAID)
  } finally {
    rmSync(folder, { recursive: true })
  }
  expect(await pauses(simulator)).toBe(SURVEYS.length)
})

it("pauses a fleet once where two processes on PostgreSQL are told to", async () => {
  await using simulator = await withSurveys()
  const databaseUrl = await freshDatabase()
  const both = [runProgram(simulator, databaseUrl), runProgram(simulator, databaseUrl)]
  expect(await Promise.all(both)).toEqual([SAID, SAID])
  expect(await pauses(simulator)).toBe(SURVEYS.length)
})
