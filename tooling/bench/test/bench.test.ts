import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const program = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const figures = new URL("../reports/quick.json", import.meta.url)

it("runs, counts the requests right, and writes its figures down", async () => {
  const child = spawn(process.execPath, [program, "--quick"], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  let output = ""
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString()
  })
  const [code]: ReadonlyArray<unknown> = await once(child, "close")
  expect(code).toBe(0)

  const { plan, rows } = JSON.parse(readFileSync(figures, "utf8"))
  expect(plan.name).toBe("quick")
  const counts = rows.filter(({ binding }: { readonly binding?: boolean }) => binding === true)
  expect(
    counts.map(({ met, values, what }: (typeof counts)[number]) => [what, values, met])
  ).toEqual([
    ["requests to activate, platform contract", { product: 3, naive: 4 }, true],
    ["requests to pause, platform contract", { product: 2, naive: 4 }, true],
    ["requests to activate, etag contract", { product: 3, naive: 4 }, true],
    ["requests to pause, etag contract", { product: 2, naive: 4 }, true]
  ])
  for (const { values, what } of rows) {
    expect(output).toContain(`| ${what} `)
    for (const value of Object.values(values)) expect(value).toBeGreaterThan(0)
  }
  expect(rows).toHaveLength(33)
})
