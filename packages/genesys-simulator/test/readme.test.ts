import { execFile } from "node:child_process"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { template } from "../src/http/Route.ts"
import { apiRoutes } from "../src/http/routes/routes.ts"
import { loginRoutes } from "../src/http/routes/tokens.ts"
import { DEFAULT_UNKNOWN_FACTS, KNOWN_PERMISSIONS, startSimulator } from "../src/index.ts"

const fileAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const run = promisify(execFile)
const readme = await readFile(fileAt("../README.md"), "utf8")

const controlOf = async (path: string): Promise<ReturnType<typeof JSON.parse>> => {
  const simulator = await startSimulator()
  try {
    const answer = await fetch(`${simulator.controlUrl}${path}`, {
      method: path === "/" ? "GET" : "POST",
      ...(path === "/" ? {} : { body: JSON.stringify({ kind: "?" }) })
    })
    return JSON.parse(await answer.text())
  } finally {
    await simulator.close()
  }
}

it.each([...apiRoutes, ...loginRoutes].map(template))("documents %s", (route) => {
  expect(readme).toContain(`| \`${route}\` |`)
})

it("documents every switch with its default first, every permission, command, fault and option", async () => {
  for (const [name, value] of Object.entries(DEFAULT_UNKNOWN_FACTS)) {
    expect(readme).toContain(`| \`${name}\` | \`${value}\`, `)
  }
  for (const permission of KNOWN_PERMISSIONS) expect(readme).toContain(`\`${permission}\``)
  const { commands } = await controlOf("/")
  for (const command of commands) expect(readme).toContain(`\`${command}\``)
  const kinds = (await controlOf("/faults")).message.match(/one of (.*)\./)?.[1].split(", ")
  expect(kinds).toHaveLength(9)
  const channelKinds = (await controlOf("/channel-faults")).message
    .match(/one of (.*)\./)?.[1]
    .split(", ")
  expect(channelKinds).toHaveLength(9)
  for (const kind of [...kinds, ...channelKinds]) expect(readme).toContain(`\n| \`${kind}\` |`)
  const { stdout } = await run(process.execPath, [fileAt("../src/program.ts"), "--help"])
  for (const [option] of stdout.matchAll(/--(?!help)[a-z-]+/g)) {
    expect(readme, option).toContain(`\`${option}`)
  }
})

it("runs the example, which prints what it is said to print", async () => {
  const example = /```ts\n([^`]*(?:`[^`]+)*?)```\n/.exec(readme)?.[1] ?? ""
  await mkdir(fileAt("../reports"), { recursive: true })
  const file = fileAt("../reports/readme-example.ts")
  await writeFile(file, example)
  const { stdout } = await run(process.execPath, [file])
  expect(stdout).toBe("no answer but on became stopping\nand then off\n")
})

it("runs the fault commands of the example, each accepted", async () => {
  const simulator = await startSimulator()
  try {
    const commands = [...readme.matchAll(/^curl .* -d '(.*)' \$control(\/(?:channel-)?faults)$/gm)]
    expect(commands).toHaveLength(6)
    for (const [, body = "", path] of commands) {
      const answer = await fetch(`${simulator.controlUrl}${path}`, { method: "POST", body })
      expect(answer.status, body).toBe(200)
    }
  } finally {
    await simulator.close()
  }
})
