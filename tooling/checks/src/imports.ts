import { isBuiltin } from "node:module"
import { posix } from "node:path"
import { boundaries, layerOf } from "./boundaries.ts"
import type { Layer } from "./boundaries.ts"
import { findCycles } from "./cycles.ts"
import { parseModule } from "./module.ts"
import type { Package, SourceFile, Workspace } from "./workspace.ts"

/** The name of a rule, as a violation reports it. */
export type Rule =
  | "unknown-package"
  | "layer"
  | "undeclared"
  | "internals"
  | "outside-package"
  | "test-in-source"
  | "platform"
  | "builtin-prefix"
  | "computed"
  | "cycle"

export interface Violation {
  readonly rule: Rule
  readonly path: string
  readonly line: number
  readonly message: string
}

export interface ImportReport {
  readonly files: number
  readonly imports: number
  readonly violations: ReadonlyArray<Violation>
}

/** One import, with everything that a rule may ask about it. */
interface Subject {
  readonly owner: Package
  readonly layer: Layer
  /** Whether the importing file is what the package's users run, not a test or a bench. */
  readonly isSource: boolean
  readonly file: SourceFile
  readonly specifier: string
  /** The imported package's name, without a subpath. */
  readonly target: string
  readonly workspace: ReadonlyMap<string, Package>
}

type Check = (subject: Subject) => string | undefined

const packageNameOf = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/")

const isRelative = (specifier: string): boolean => /^\.{0,2}\//u.test(specifier)

const resolve = (from: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(from), specifier))

const isWithin = (folder: string, path: string): boolean => path.startsWith(`${folder}/`)

const relativeRules: ReadonlyArray<readonly [Rule, Check]> = [
  [
    "outside-package",
    ({ owner, file, specifier }) =>
      specifier.startsWith("/") || !isWithin(owner.folder, resolve(file.path, specifier))
        ? `"${specifier}" leaves the package; import what the other package exports, by its name`
        : undefined
  ],
  [
    "test-in-source",
    ({ owner, isSource, file, specifier }) =>
      isSource &&
      ["test", "bench"].some((folder) =>
        isWithin(`${owner.folder}/${folder}`, resolve(file.path, specifier))
      )
        ? `"${specifier}" is test code; what is shipped must not need it`
        : undefined
  ]
]

const builtinRules: ReadonlyArray<readonly [Rule, Check]> = [
  [
    "builtin-prefix",
    ({ specifier }) =>
      specifier.startsWith("node:") ? undefined : `write "node:${specifier}" for Node's own module`
  ],
  [
    "platform",
    ({ layer, isSource, specifier }) =>
      isSource && !boundaries[layer].platform
        ? `"${specifier}" is Node's; ${boundaries[layer].why}`
        : undefined
  ]
]

const packageRules: ReadonlyArray<readonly [Rule, Check]> = [
  [
    "layer",
    ({ owner, layer, isSource, target, workspace }) => {
      if (!isSource || target === owner.name) return undefined
      const { mayImport, outside, why } = boundaries[layer]
      const targetLayer = workspace.has(target) ? layerOf[target] : undefined
      const allowed =
        targetLayer === undefined
          ? outside === "declared" || outside.includes(target)
          : mayImport.includes(targetLayer)
      return allowed ? undefined : `${owner.name} must not import "${target}": ${why}`
    }
  ],
  [
    "undeclared",
    ({ owner, isSource, target }) =>
      target === owner.name ||
      owner.dependencies.has(target) ||
      (!isSource && owner.devDependencies.has(target))
        ? undefined
        : `"${target}" is not in the ${isSource ? "dependencies" : "dependencies or devDependencies"} of ${owner.name}`
  ],
  [
    "internals",
    ({ specifier, target, workspace }) => {
      const entry = `.${specifier.slice(target.length)}`
      const imported = workspace.get(target)
      return imported === undefined || imported.entries.has(entry)
        ? undefined
        : `"${specifier}" is not among the exports of ${target}`
    }
  ]
]

const rulesFor = (specifier: string): ReadonlyArray<readonly [Rule, Check]> =>
  isRelative(specifier) ? relativeRules : isBuiltin(specifier) ? builtinRules : packageRules

/**
 * Checks every import of the workspace against the table of boundaries.
 *
 * Throws when there is nothing to check or a file does not parse, so that it cannot pass in silence.
 */
export const checkImports = ({ packages, files }: Workspace): ImportReport => {
  if (files.length === 0) throw new Error("no source file was found: nothing was checked")
  const workspace = new Map(packages.map((each) => [each.name, each]))
  const graph = new Map<string, Set<string>>()
  const violations: Array<Violation> = []
  let imports = 0

  for (const { name, folder } of packages) {
    if (layerOf[name] === undefined) {
      const message = `${name} has no layer yet: give it one in the table of boundaries`
      violations.push({ rule: "unknown-package", path: `${folder}/package.json`, line: 1, message })
    }
  }
  for (const file of files) {
    const owner = packages.find(({ folder }) => isWithin(folder, file.path))
    const layer = owner === undefined ? undefined : layerOf[owner.name]
    if (owner === undefined || layer === undefined) continue
    const isSource = isWithin(`${owner.folder}/src`, file.path)
    const facts = parseModule(file.path, file.text)
    const edges = new Set<string>()
    graph.set(file.path, edges)
    // A test may hold a program as data, or one for a package that it installs elsewhere.
    const named = isSource ? [...facts.imports, ...facts.programImports] : facts.imports
    imports += named.length

    for (const { specifier, line } of named) {
      if (specifier === undefined) {
        const message = "what is imported here is computed, so that no check can follow it"
        if (isSource) violations.push({ rule: "computed", path: file.path, line, message })
        continue
      }
      const target = packageNameOf(specifier)
      if (isRelative(specifier)) edges.add(resolve(file.path, specifier))
      for (const [rule, check] of rulesFor(specifier)) {
        const message = check({ owner, layer, isSource, file, specifier, target, workspace })
        if (message !== undefined) violations.push({ rule, path: file.path, line, message })
      }
    }
    for (const { place, line } of facts.fileUses) {
      const path = resolve(file.path, place)
      const other = packages.find(
        ({ folder }) => folder !== owner.folder && isWithin(folder, `${path}/`)
      )
      if (other === undefined) continue
      const message = `"${place}" lies in ${other.name}; name what it exports, by its name`
      violations.push({ rule: "outside-package", path: file.path, line, message })
    }
    if (isSource && !boundaries[layer].platform) {
      for (const { name, line } of facts.ambient) {
        const message = `${name} takes from the air what must come through a service; ${boundaries[layer].why}`
        violations.push({ rule: "platform", path: file.path, line, message })
      }
    }
  }
  for (const cycle of findCycles(graph)) {
    const [path = "", ...others] = cycle
    const message = `import cycle: ${[path, ...others, path].join(" → ")}`
    violations.push({ rule: "cycle", path, line: 1, message })
  }
  return { files: files.length, imports, violations }
}
