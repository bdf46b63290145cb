import { isBuiltin } from "node:module"
import { defineConfig } from "tsdown"

// A command line is started again and again, so what a start loads is what it costs. Everything here
// makes that less; the measure is `campaignctl get` beside `node -e 0`.

/** Begins the id of a module that is made here; not a name that a file can have. */
const MADE = "\0made:"
/** Then follows the importing file, so that what is made goes into that file's chunk. */
const FOR = "?for="

/** Parts of libraries that this program never reaches, and what stands in their place. */
const UNREACHED: Readonly<
  Record<string, { readonly importer: RegExp; readonly source: RegExp; readonly code: string }>
> = {
  // Axios' own adapters: requests name the adapter they use. The one for proxies is loaded by its own name.
  adapter: {
    importer: /\/axios\/lib\/adapters\/adapters\.js$/,
    source: /^\.\/(?:http|xhr)\.js$/,
    code: "export default false"
  },
  fetch: {
    importer: /\/axios\/lib\/adapters\/adapters\.js$/,
    source: /^\.\/fetch\.js$/,
    code: "export const getFetch = () => false"
  },
  // No form is ever sent.
  form: {
    importer: /\/axios\/lib\//,
    source: /^form-data$/,
    code: "export default class FormData {}"
  },
  // The SDK's own configuration file and logger, which its constructors alone would set up.
  setup: {
    importer: /\/purecloud-platform-client-v2\/src\//,
    source: /^(?:configparser|winston)$/,
    code: "export default undefined"
  }
}

/**
 * Looks at globals for what is never used here: bodies of requests that are never sent, and how long
 * a request took. A mere look makes Node load what stands behind the global: the client of `fetch`,
 * and all of its measuring of performance.
 */
const LOOKS: ReadonlyArray<{
  readonly file: RegExp
  readonly look: string
  readonly instead: string
}> = [
  {
    file: /\/axios\/lib\/utils\.js$/,
    look: "typeof G.FormData !== 'undefined' ? G.FormData : undefined",
    instead: "undefined"
  },
  {
    file: /\/axios\/lib\/platform\/node\/index\.js$/,
    look: "(typeof Blob !== 'undefined' && Blob) || null",
    instead: "null"
  },
  {
    file: /\/axios\/lib\/core\/dispatchRequest\.js$/,
    look: "typeof performance !== 'undefined' && utils.isFunction(performance.now)",
    instead: "false"
  }
]

/** Node's own modules whose functions are loaded when they are first called: few commands call them. */
const ON_CALL: ReadonlySet<string> = new Set(["crypto", "fs/promises"])

/** Node's own modules that a file imports and never comes to use here. */
const NEVER: ReadonlyArray<{ readonly file: RegExp; readonly builtin: string }> = [
  // For commands that are programs of their own; ours are not.
  { file: /\/commander\/lib\//, builtin: "child_process" },
  // For the boundaries of forms.
  { file: /\/axios\/lib\/platform\/node\//, builtin: "crypto" }
]

/** What the Genesys client imports when it is first used, all of it always: it comes with the client. */
const TOGETHER =
  /\bimport\(\s*"(axios|[^"]*\/(?:ApiClient|configuration|AbstractHttpClient|OutboundApi)\.js)"\s*\)/g
const GENESYS_SOURCE = /\/packages\/genesys-cloud\/src\//

const importedTogether = (code: string, file: string): string => {
  if (!GENESYS_SOURCE.test(file)) return code
  const imports: Array<string> = []
  const body = code.replaceAll(TOGETHER, (_import: string, source: string) => {
    const name = `together${imports.length}`
    imports.push(`import * as ${name} from ${JSON.stringify(source)}`)
    return `Promise.resolve(${name})`
  })
  return [...imports, body].join("\n")
}

const IMPORT = /^import\s+([^;'"]*?)\s+from\s*["']([^"']+)["'];?/gm
const DEFAULT_NAME = /^(?:\*\s*as\s+)?([\w$]+)/
const NAMED = /\{([^}]*)\}/

const declared = (clause: string, builtin: string, file: string): string => {
  const never = NEVER.some((one) => one.builtin === builtin && one.file.test(file))
  const loaded = never
    ? "{}"
    : `globalThis.process.getBuiltinModule(${JSON.stringify(`node:${builtin}`)})`
  const whole = DEFAULT_NAME.exec(clause)?.[1]
  const named = (NAMED.exec(clause)?.[1] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !part.startsWith("type "))
    .map((part) => part.split(/\s+as\s+/))
    .map(([name = "", as = name]) =>
      ON_CALL.has(builtin)
        ? `const ${as} = (...words) => ${loaded}.${name}(...words)`
        : `const { ${name}: ${as} } = ${loaded}`
    )
  return [...(whole === undefined ? [] : [`const ${whole} = ${loaded}`]), ...named].join("; ")
}

/**
 * Takes Node's own modules from the process instead of importing them. An `import` reads every
 * member at once, and the getters among them load what nobody asked for: `http` a whole second
 * client, `fs` and `util` streams and events.
 */
const withoutBuiltinImports = (code: string, file: string): string =>
  code.replaceAll(IMPORT, (statement: string, clause: string, source: string) =>
    isBuiltin(source) && !clause.startsWith("type ")
      ? declared(clause, source.replace(/^node:/, ""), file)
      : statement
  )

const leanStart = {
  name: "lean-start",
  resolveId: (source: string, importer: string | undefined): string | undefined => {
    const found = Object.entries(UNREACHED).find(
      ([, part]) => part.source.test(source) && part.importer.test(importer ?? "")
    )
    return found === undefined ? undefined : `${MADE}${found[0]}${FOR}${importer ?? ""}`
  },
  load: (id: string): string | undefined =>
    id.startsWith(MADE) ? UNREACHED[id.slice(MADE.length, id.indexOf(FOR))]?.code : undefined,
  transform: (code: string, id: string): string | undefined => {
    if (id.startsWith(MADE)) return undefined
    const found = LOOKS.find(({ file }) => file.test(id))
    if (found !== undefined && !code.includes(found.look))
      throw new Error(`${id} does not hold \`${found.look}\` any more: look at it again.`)
    const seen = found === undefined ? code : code.replace(found.look, found.instead)
    const lean = withoutBuiltinImports(importedTogether(seen, id), id)
    return lean === code ? undefined : lean
  }
}

interface Chunk {
  readonly imports?: ReadonlyArray<string>
}

/**
 * Refuses chunks that import each other in a circle: one of them runs before the other has what it
 * needs, and the program fails when a command first loads it.
 */
const withoutCircles = {
  name: "without-circles",
  generateBundle: (_options: unknown, bundle: Readonly<Record<string, Chunk>>): void => {
    const finished = new Set<string>()
    const visit = (name: string, path: ReadonlyArray<string>): void => {
      if (finished.has(name)) return
      if (path.includes(name))
        throw new Error(`Chunks import each other: ${[...path, name].join(" → ")}. See CHUNKS.`)
      for (const imported of bundle[name]?.imports ?? []) visit(imported, [...path, name])
      finished.add(name)
    }
    for (const name of Object.keys(bundle)) visit(name, [])
  }
}

/** The SDK's groups of operations but the one that every command on campaigns uses. */
const RARE_OPERATIONS = /\/purecloud-platform-client-v2\/src\/.*\/api\/(?!OutboundApi)/

const anyOf = (...parts: ReadonlyArray<RegExp>): RegExp =>
  new RegExp(parts.map(({ source }) => source).join("|"))

/**
 * The chunks, by what loads them; each file goes into the first that names it. Few and large: finding
 * a file costs more than reading past what a command does not use.
 */
const CHUNKS: ReadonlyArray<{ readonly name: string; readonly test: RegExp }> = [
  // What understands the command line; loaded by everything, `--help` included.
  {
    name: "words",
    test: /\/node_modules\/commander\/|\/apps\/cli\/src\/(?:program\/|exit\/|terminal\/(?:processT|writeAll)|arguments\/(?:commandFirst|waitOption))|rolldown\/runtime/
  },
  {
    name: "simulator",
    test: /\/apps\/cli\/src\/demo\/|\/packages\/genesys-simulator\/|\/node_modules\/@?hono\//
  },
  // The HTTP service; its keys and its problems are small, and commands that load them load this.
  { name: "service", test: /\/apps\/http\/|\/apps\/cli\/src\/serve\/|\/node_modules\/jose\// },
  // OpenTelemetry itself is loaded by what starts its SDK, in a chunk of its own.
  {
    name: "telemetry",
    test: /\/packages\/telemetry\/src\/(?!sdk\/startSdk|metrics\/otelSink)|\/effect\/dist\/(?:observability\/|Metric\.)/
  },
  // For the simulator's end of it and ours.
  { name: "websocket", test: /\/node_modules\/ws\// },
  // What the errors of operations and webhooks say of themselves; loaded when one is shown, or raised.
  {
    name: "pages",
    test: /\/packages\/(?:operations|webhooks)\/src\/(?:errors|domain\/(?:errorPages|OperationsError|WebhooksError))\./
  },
  // For webhooks and operations, neither of which is to load the other.
  { name: "fibers", test: /\/effect\/dist\/FiberSet\./ },
  // Subscriptions and deliveries, with what checks and signs; the service and the commands on them load it.
  {
    name: "webhooks",
    test: /\/packages\/webhooks\/|\/apps\/cli\/src\/webhooks\/(?!later)|\/node_modules\/(?:ipaddr\.js|standardwebhooks|@stablelib|fast-sha256)\//
  },
  // The engine of operations, with Effect's cluster and workflows; and what a start asks of its tables.
  {
    name: "safeguards",
    test: /\/packages\/operations\/src\/(?:safeguards|desired\/PolicyStore|halt\/holds\/(?:hold|Hold)|database\/(?:inOneTransaction|openTables|unavailable)|domain\/(?:areWithin|errors))/
  },
  {
    name: "operations",
    test: anyOf(
      /\/packages\/operations\/src\/(?!errors|lazySafeguards|stateDirectory|domain\/(?:errorPages|OperationsError))/,
      /\/apps\/cli\/src\/operations\/(?!later)/,
      // What it alone uses of the core, of Effect, and of what Effect brings along.
      /\/packages\/core\/src\/(?:transition\/(?:explainSeen|resumeTransition|TransitionRequest)|decision\/Request|window\/nextEdge)\./,
      /\/effect\/dist\/(?:cluster|workflow|rpc|socket|persistence|workers|crypto)\//,
      /\/effect\/dist\/http\/(?!Cookies|Headers|UrlParams|internal\/urlParams)/,
      /\/effect\/dist\/(?:encoding\/SchemaBinary|HashRing|FiberMap|RcMap|Cron|Config|ConfigProvider|PrimaryKey|MutableHashSet|Ref|Number|String)\./,
      /\/node_modules\/(?:@effect\/platform-node(?:-shared)?|redis|@redis|undici|mime)\//
    )
  },
  { name: "doctor", test: /\/apps\/cli\/src\/(?:doctor\/|commands\/doctor\.)/ },
  // With what of operations no command can do without.
  { name: "commands", test: /\/apps\/cli\/src\/(?!main)|\/packages\/operations\// },
  // The client of a server, for whoever has the ledger on one.
  {
    name: "postgres",
    test: /\/packages\/ledger-sql\/src\/postgres\/(?!place)|\/node_modules\/(?:@effect\/sql-pg\/|effect\/dist\/(?:Pool|net\/Ip(?:Interface|Network))\.)/
  },
  {
    name: "ledger",
    test: /\/packages\/ledger-sql\/|\/node_modules\/(?:uuid\/|effect\/dist\/(?:unstable\/)?(?:sql|reactivity)\/)/
  },
  { name: "rare", test: RARE_OPERATIONS },
  // Axios' adapter for proxies.
  {
    name: "proxy",
    test: /\/axios\/lib\/(?:adapters\/http|helpers\/(?:Http2Sessions|ZlibHeaderTransformStream|AxiosTransformStream|formDataToStream|readBlob|callbackify|fromDataURI))\.js|\/node_modules\/(?:https-proxy-agent|agent-base|proxy-from-env|debug|ms|supports-color|has-flag|follow-redirects)\//
  },
  // What hears of changes, which only what runs on does.
  {
    name: "notifications",
    test: /\/packages\/genesys-cloud\/src\/notifications\/(?!lazyEvents)/
  },
  {
    name: "genesys",
    test: /\/packages\/genesys-cloud\/|\/node_modules\/(?:axios|purecloud-platform-client-v2)\//
  },
  { name: "core", test: /\/packages\/core\/|\/node_modules\/effect\// }
]

/**
 * One self-contained program in several chunks: each command loads what it needs and nothing else.
 * Everything is bundled, because hundreds of small files take longer to find than to run.
 */
export default defineConfig({
  entry: { main: "src/main.ts" },
  outDir: "dist",
  format: "esm",
  // A module by the package's type, so that the plain extension will do.
  fixedExtension: false,
  platform: "node",
  target: "node24",
  minify: true,
  dts: false,
  sourcemap: false,
  clean: true,
  // OpenTelemetry is left as it is: it looks for its parts at run time, and one api must serve all of them.
  deps: { alwaysBundle: [/^(?!@opentelemetry\/)/], neverBundle: [/^@opentelemetry\//] },
  plugins: [leanStart, withoutCircles],
  inputOptions: { preserveEntrySignatures: false },
  outputOptions: {
    // A file with any other character is held, checked and read at twice its size.
    charset: "ascii",
    codeSplitting: { includeDependenciesRecursively: false, groups: [...CHUNKS] }
  }
})
