import { spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "./temporaryFolder.ts"

const packages = fileURLToPath(new URL("../../..", import.meta.url))

/** The packages of this workspace that a user of the manager gets with it, by folder. */
const PUBLISHED = ["core", "genesys-cloud", "ledger-sql", "manager", "operations"]

interface Manifest {
  readonly name: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly publishConfig: Readonly<Record<string, unknown>>
}

const link = (target: string, path: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(realpathSync(target), path, "junction")
}

/**
 * The built packages as a user of them has them: each with what it publishes alone, the manifest as
 * publishing makes it, and what it depends on beside it.
 */
const installInto = (folder: string): void => {
  const modules = join(folder, "node_modules")
  const installed = new Set<string>()
  for (const name of PUBLISHED) {
    const source = join(packages, name)
    const manifest: Manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"))
    const target = join(modules, manifest.name)
    cpSync(join(source, "dist"), join(target, "dist"), { recursive: true })
    const published = { ...manifest, ...manifest.publishConfig }
    writeFileSync(join(target, "package.json"), JSON.stringify(published))
    for (const dependency of Object.keys(manifest.dependencies)) {
      if (dependency.startsWith("@campaignctl/") || installed.has(dependency)) continue
      installed.add(dependency)
      link(join(source, "node_modules", dependency), join(modules, dependency))
    }
  }
}

/** A user's project, outside the workspace, that has the built package installed. */
export const installation = () => {
  const folder = temporaryFolder()
  installInto(folder.path)
  const path = (name: string) => join(folder.path, name)
  return {
    path,
    write: (name: string, text: string) => writeFileSync(path(name), text),
    /** What `@types/node` is to a user who compiles. */
    addNodeTypes: () =>
      link(join(packages, "manager/node_modules/@types/node"), path("node_modules/@types/node")),
    /** Runs a program in the project; what it printed, and its exit code. */
    run: async (
      args: ReadonlyArray<string>,
      env: Readonly<Record<string, string | undefined>> = {}
    ) => {
      const child = spawn(process.execPath, args, {
        cwd: folder.path,
        env: { ...process.env, ...env }
      })
      let output = ""
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data: Buffer) => {
          output += data.toString()
        })
      const [code]: ReadonlyArray<unknown> = await once(child, "close")
      return { code, output }
    },
    [Symbol.dispose]: () => folder[Symbol.dispose]()
  }
}

export type Installation = ReturnType<typeof installation>
