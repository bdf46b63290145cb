import { globSync, readFileSync } from "node:fs"
import { join, posix, sep } from "node:path"
import { parse } from "yaml"

/** What a check needs to know of one package, read from its `package.json`. */
export interface Package {
  readonly name: string
  /** Relative to the workspace's root, with forward slashes. */
  readonly folder: string
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
  /** The keys of `exports`: `.`, `./testing`, … */
  readonly entries: ReadonlySet<string>
  readonly scripts: ReadonlySet<string>
}

/** One source file of one package. */
export interface SourceFile {
  /** Relative to the workspace's root, with forward slashes. */
  readonly path: string
  readonly text: string
}

export interface Workspace {
  readonly packages: ReadonlyArray<Package>
  readonly files: ReadonlyArray<SourceFile>
}

/** The folders of a package that hold code; only the first is what its users run. */
const SOURCE_FOLDERS = ["src", "test", "bench"]

const SOURCE_EXTENSIONS = ["ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "jsx"]

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const keysOf = (value: unknown): ReadonlySet<string> =>
  new Set(isRecord(value) ? Object.keys(value) : [])

const toPosix = (path: string): string => path.split(sep).join(posix.sep)

/** Reads a package out of the text of its `package.json`. */
export const parsePackage = (folder: string, text: string): Package => {
  const manifest: unknown = JSON.parse(text)
  if (!isRecord(manifest) || typeof manifest["name"] !== "string") {
    throw new Error(`${folder}/package.json has no name`)
  }
  return {
    name: manifest["name"],
    folder,
    dependencies: new Set([
      ...keysOf(manifest["dependencies"]),
      ...keysOf(manifest["peerDependencies"])
    ]),
    devDependencies: keysOf(manifest["devDependencies"]),
    entries: keysOf(manifest["exports"]),
    scripts: keysOf(manifest["scripts"])
  }
}

/** The packages that `pnpm-workspace.yaml` names, in the order of their folders. */
export const readPackages = (root: string): ReadonlyArray<Package> => {
  const settings: unknown = parse(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"))
  const globs =
    isRecord(settings) && Array.isArray(settings["packages"]) ? settings["packages"] : []
  return globSync(
    globs.map((glob) => `${String(glob)}/package.json`),
    { cwd: root }
  )
    .map((manifest) => posix.dirname(toPosix(manifest)))
    .toSorted()
    .map((folder) => parsePackage(folder, readFileSync(join(root, folder, "package.json"), "utf8")))
}

/** The packages with all their code. */
export const readWorkspace = (root: string): Workspace => {
  const packages = readPackages(root)
  const files = packages
    .flatMap(({ folder }) =>
      globSync(`${folder}/{${SOURCE_FOLDERS.join()}}/**/*.{${SOURCE_EXTENSIONS.join()}}`, {
        cwd: root
      })
    )
    .map(toPosix)
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
  return { packages, files }
}
