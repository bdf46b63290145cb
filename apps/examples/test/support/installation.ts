import { execFile } from "node:child_process"
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { temporaryFolder } from "./running.ts"

const run = promisify(execFile)
const workspace = fileURLToPath(new URL("../../../..", import.meta.url))

/** Every package that is for others to install, by its folder; all of them are built before the tests. */
export const PUBLISHED = {
  "@campaignctl/core": "packages/core",
  "@campaignctl/genesys-cloud": "packages/genesys-cloud",
  "@campaignctl/genesys-simulator": "packages/genesys-simulator",
  "@campaignctl/ledger-sql": "packages/ledger-sql",
  "@campaignctl/manager": "packages/manager",
  "@campaignctl/operations": "packages/operations",
  "@campaignctl/telemetry": "packages/telemetry",
  "@campaignctl/webhooks": "packages/webhooks",
  "@campaignctl/http": "apps/http",
  campaignctl: "apps/cli"
} as const
export type Published = keyof typeof PUBLISHED

/** The pnpm that the workspace names. */
const pnpm = (): string => {
  const { packageManager }: { readonly packageManager: string } = JSON.parse(
    readFileSync(join(workspace, "package.json"), "utf8")
  )
  return packageManager
}

/** Runs npm's own programs without what a surrounding pnpm or npm says in the environment. */
const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|pnpm)_/i.test(name)))

/** What the project has beside our packages, in the versions that the workspace uses. */
const BESIDE = ["@types/node", "express", "hono", "@hono/node-server", "effect"]

const versionOf = (folder: string): string => {
  const { version }: { readonly version: string } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8")
  )
  return version
}

/** The packages as they would be published, and an empty project outside the workspace that has installed them. */
export const installation = async () => {
  const folder = temporaryFolder()
  const tarballs = join(folder.path, "tarballs")
  const project = join(folder.path, "project")
  mkdirSync(tarballs)
  mkdirSync(project)
  const env = plainEnvironment()
  const packed = Object.keys(PUBLISHED).map((name) => `--filter=${name}`)
  await run("npx", ["--yes", pnpm(), ...packed, "pack", "--pack-destination", tarballs], {
    cwd: workspace,
    env
  })
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "empty", private: true }))
  const files = readdirSync(tarballs).map((name) => join(tarballs, name))
  const beside = BESIDE.map(
    (name) => `${name}@${versionOf(join(workspace, "apps/examples/node_modules", name))}`
  )
  await run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--prefer-offline", ...beside, ...files],
    {
      cwd: project,
      env
    }
  )

  const path = (name: string) => join(project, name)
  return {
    path,
    tarball: (name: Published): Uint8Array => {
      const version = versionOf(join(workspace, PUBLISHED[name]))
      const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`
      return new Uint8Array(readFileSync(join(tarballs, file)))
    },
    /** What of an installed package may be imported: `.`, `./errors` and so on. */
    entries: (name: Published): ReadonlyArray<string> => {
      const { exports: entries = {} }: { readonly exports?: object } = JSON.parse(
        readFileSync(path(join("node_modules", name, "package.json")), "utf8")
      )
      return Object.keys(entries)
    },
    write: (name: string, text: string) => writeFileSync(path(name), text),
    copy: (from: string, to: string) => cpSync(from, path(to), { recursive: true }),
    /** Runs a program in the project; rejects, with what it printed, where it fails. */
    run: (program: string, ...args: ReadonlyArray<string>) =>
      run(program, args, { cwd: project, env }),
    [Symbol.dispose]: () => folder[Symbol.dispose]()
  }
}

export type Installation = Awaited<ReturnType<typeof installation>>
