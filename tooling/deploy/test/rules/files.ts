import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parse, parseAllDocuments } from "yaml"

const here = fileURLToPath(new URL("../..", import.meta.url))
const root = join(here, "../..")
const MANIFESTS = "kubernetes"

/** Everything that people deploy with, by its path from here. */
export const deployedFiles: ReadonlyArray<string> = [
  "Dockerfile",
  "Dockerfile.dockerignore",
  "README.md",
  "compose.yaml",
  ...readdirSync(join(here, MANIFESTS)).map((name) => `${MANIFESTS}/${name}`)
]

/** The text of one of them. */
export const textOf = (path: string): string => readFileSync(join(here, path), "utf8")

/** A file of the checkout, by its path from the root, as JSON. */
export const checkoutJson = (path: string): unknown =>
  JSON.parse(readFileSync(join(root, path), "utf8"))

/** The compose file, with what its services have in common merged into each. */
export const composeFile = (): unknown => parse(textOf("compose.yaml"), { merge: true })

/** The documents of a YAML file. A document that does not parse throws. */
export const documentsOf = (path: string): ReadonlyArray<unknown> =>
  parseAllDocuments(textOf(path)).map((document) => {
    for (const error of document.errors) throw error
    return document.toJS() as unknown
  })

const KUSTOMIZATION = `${MANIFESTS}/kustomization.yaml`

/** The files of manifests, the list of them left out. */
export const manifestFiles: ReadonlyArray<string> = deployedFiles.filter(
  (path) => path.startsWith(MANIFESTS) && path !== KUSTOMIZATION
)

/** The list of the manifests. */
export const kustomization = (): unknown => documentsOf(KUSTOMIZATION)[0]
