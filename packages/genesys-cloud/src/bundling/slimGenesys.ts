/** The parts of a rolldown or Vite plugin that are used, so that this package needs no bundler. */
export interface SlimPlugin {
  readonly name: string
  /** Vite resolves by itself before plugins that do not ask to be first; rolldown disregards it. */
  readonly enforce: "pre"
  readonly resolveId: (source: string, importer: string | undefined) => string | undefined
  readonly load: (id: string) => string | undefined
  readonly transform: (code: string, id: string) => string | undefined
  readonly buildEnd: () => void
}

interface Stub {
  /** How the import is written, and the end of the path of the file that it stands in. */
  readonly source: string
  readonly importer: string
  readonly code: string
}

const NEVER = "export default null"

/** Modules that are loaded and never used: this package gives the SDK its own HTTP client, configuration and logger. */
const STUBS: ReadonlyArray<Stub> = [
  { source: "./DefaultHttpClient.js", importer: "/ApiClient.js", code: "export default class {}" },
  { source: "winston", importer: "/logger.js", code: NEVER },
  { source: "configparser", importer: "/configuration.js", code: NEVER },
  // Every adapter of axios at once; this package hands axios its own with each request.
  {
    source: "../adapters/adapters.js",
    importer: "/axios/lib/core/dispatchRequest.js",
    code: "export default { getAdapter: (adapter) => adapter, adapters: {} }"
  },
  {
    source: "./adapters/adapters.js",
    importer: "/axios/lib/axios.js",
    code: "export default { getAdapter: (adapter) => adapter, adapters: {} }"
  },
  { source: "form-data", importer: "/axios/lib/platform/node/classes/FormData.js", code: NEVER },
  // Importing these two of Node's own modules makes Node read every export of theirs.
  {
    source: "crypto",
    importer: "/axios/lib/platform/node/index.js",
    code: "export default { randomFillSync: (array) => globalThis.crypto.getRandomValues(array) }"
  },
  {
    source: "url",
    importer: "/axios/lib/platform/node/classes/URLSearchParams.js",
    code: "export default { URLSearchParams: globalThis.URLSearchParams }"
  }
]

const PREFIX = "\0slim-genesys:"

/** Reading the global `FormData` makes Node load its whole fetch; axios does so before anything is asked of it. */
const EAGER_FORM_DATA = "typeof G.FormData !== 'undefined' ? G.FormData : undefined"

/**
 * A bundler plugin that leaves out what the SDK and axios would load for nothing.
 *
 * When to use: in a command-line program, where their start takes longer than the work. Gotchas:
 * the bundle's axios has no adapter but the one that this package gives it. The build fails where
 * a new version of either no longer has a part that is to be left out.
 */
export const slimGenesys = (): SlimPlugin => {
  const used = new Set<number>()
  let transformed = false
  return {
    name: "slim-genesys",
    enforce: "pre",
    resolveId: (source, importer) => {
      const index = STUBS.findIndex(
        (stub) =>
          stub.source === source && importer?.replaceAll("\\", "/").endsWith(stub.importer) === true
      )
      if (index < 0) return undefined
      used.add(index)
      return `${PREFIX}${index}`
    },
    load: (id) =>
      id.startsWith(PREFIX) ? STUBS[Number(id.slice(PREFIX.length))]?.code : undefined,
    transform: (code, id) => {
      if (!id.replaceAll("\\", "/").endsWith("/axios/lib/utils.js")) return undefined
      transformed = code.includes(EAGER_FORM_DATA)
      return code.replace(EAGER_FORM_DATA, "undefined")
    },
    buildEnd: () => {
      const missing = STUBS.filter((_stub, index) => !used.has(index)).map(({ source }) => source)
      if (missing.length > 0 || !transformed)
        throw new Error(
          `slim-genesys found nothing to leave out for: ${[...missing, ...(transformed ? [] : ["FormData"])].join(", ")}`
        )
    }
  }
}
