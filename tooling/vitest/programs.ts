/**
 * Bundles programs that tests start again and again: one file is found and read in a third of the time
 * that its thousand sources take. `globalSetup` of whoever names programs in its configuration.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { type Plugin, rolldown } from "rolldown"
import type { TestProject } from "vitest/node"

/** Bundles of the sources as they are and as they were; nobody keeps them but whoever deletes what is installed. */
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/programs", import.meta.url))

/** OpenTelemetry looks for its parts at run time, and a bundle lies where it would not find them. */
const OUTSIDE = /^@opentelemetry\//

const outside: Plugin = {
  name: "outside",
  resolveId: (source, importer) =>
    OUTSIDE.test(source) && importer !== undefined
      ? { id: createRequire(importer).resolve(source), external: true }
      : undefined
}

/** The bundle's path, which names what is in it: a run that goes on keeps what it started with. */
const bundle = async (source: string): Promise<string> => {
  await using build = await rolldown({ input: source, platform: "node", plugins: [outside] })
  const { output } = await build.generate({
    format: "esm",
    codeSplitting: false,
    entryFileNames: "program.mjs"
  })
  const [{ code }] = output
  const folder = join(CACHE, createHash("sha256").update(code).digest("hex"))
  const path = join(folder, "program.mjs")
  if (existsSync(path)) return path
  mkdirSync(CACHE, { recursive: true })
  const made = mkdtempSync(join(CACHE, "new-"))
  writeFileSync(join(made, "program.mjs"), code)
  try {
    renameSync(made, folder)
  } catch (error) {
    // Another run was first: what it made is the same.
    if (!existsSync(path)) throw error
    rmSync(made, { recursive: true })
  }
  return path
}

/** Tells the tests where the bundle of each program is, by the path of its source. */
export default async (project: TestProject): Promise<void> => {
  const { programs } = project.getProvidedContext()
  const bundled = await Promise.all(
    Object.keys(programs).map(async (name) => {
      const source = resolve(project.config.root, name)
      return [source, await bundle(source)] as const
    })
  )
  project.provide("programs", Object.fromEntries(bundled))
}
