import { mkdtemp, readdir, readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import type { Env } from "../support/Cli.ts"
import { useWorld } from "../support/World.ts"

const world = useWorld()

/**
 * Bytes of the chunks that a look at campaigns may load. They were 655 kB when this was written: an
 * import that brings another large part along is to be seen here, not in how long people wait.
 */
const LARGEST_LOOK_BYTES = 700_000

/** The chunks of the built program that a command loads, as Node itself records it. */
const loadedBy = async (words: ReadonlyArray<string>, env: Env): Promise<ReadonlyArray<string>> => {
  const directory = await mkdtemp(join(world().directory, "loaded-"))
  const { exitCode, stderr } = await world().run(words, { ...env, NODE_V8_COVERAGE: directory })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
  const [report = ""] = await readdir(directory)
  // The format of Node's coverage: one member for each script that was run.
  const { result } = JSON.parse(await readFile(join(directory, report), "utf8")) as {
    readonly result: ReadonlyArray<{ readonly url: string }>
  }
  return result.map(({ url }) => url).filter((url) => url.includes("/cli/dist/"))
}

/** The doors of packages through which other chunks are loaded; they hold nothing else. */
const DOORS: ReadonlySet<string> = new Set(["src", "all"])

/** What the chunks were named for, but the doors. */
const namesOf = (urls: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(urls.map((url) => /\/dist\/([\w-]+?)(?:-[\w-]{8})?\.js$/.exec(url)?.[1] ?? url))]
    .filter((name) => !DOORS.has(name))
    .toSorted()

const WORDS = ["main", "rolldown-runtime", "words"]
const LOOK = [...WORDS, "commands", "core", "genesys", "ledger"].toSorted()

describe("what a start loads", () => {
  it("is the command line alone for its help", async () => {
    expect(namesOf(await loadedBy(["--help"], {}))).toEqual(WORDS)
    expect(namesOf(await loadedBy(["fleet", "pause", "--help"], {}))).toEqual(WORDS)
  })

  it("has nothing of the engine, the service or the simulator where campaigns are looked at", async () => {
    const urls = await loadedBy(["get"], world().env())
    expect(namesOf(urls)).toEqual(LOOK)
    const sizes = await Promise.all(urls.map(async (url) => (await stat(fileURLToPath(url))).size))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LARGEST_LOOK_BYTES)
  })

  it("has nothing of the engine, of Genesys or of receivers for a simulator", async () => {
    const names = namesOf(await loadedBy(["simulator", "--help"], {}))
    expect(names).toContain("simulator")
    for (const name of ["operations", "genesys", "ledger", "webhooks"])
      expect(names).not.toContain(name)
  })

  it("has neither the engine nor Genesys where webhooks are listed", async () => {
    const urls = await loadedBy(["webhook", "list", "-q"], world().env())
    expect(namesOf(urls)).toEqual(
      [...WORDS, "commands", "core", "fibers", "ledger", "pages", "webhooks"].toSorted()
    )
  })

  it("has the safeguards' tables, but not the engine, where a campaign is started", async () => {
    const env = world().env()
    const id = world().idOf("Winback Lapsed Customers")
    const urls = await loadedBy(["resume", id, "--dry-run", "-q"], env)
    expect(namesOf(urls)).toEqual(
      [...LOOK, "AnalyticsApi", "pages", "rare", "safeguards"].toSorted()
    )
  })
})
