import { fileURLToPath } from "node:url"
import {
  checkPackage,
  createPackageFromTarballData,
  type ResolutionKind
} from "@arethetypeswrong/core"
import { startSimulator } from "@campaignctl/genesys-simulator"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import {
  type Installation,
  installation,
  type Published,
  PUBLISHED
} from "./support/installation.ts"
import { ask, environment, server, temporaryFolder } from "./support/running.ts"

const LIBRARIES = (Object.keys(PUBLISHED) as ReadonlyArray<Published>) // the keys of a literal are its type's
  .filter((name) => name !== "campaignctl")
const EXPRESS_APP = fileURLToPath(new URL("../src/express-app/server.mjs", import.meta.url))
const HONO_APP = fileURLToPath(new URL("../src/hono-app/main.ts", import.meta.url))
const EFFECT_APP = fileURLToPath(new URL("../src/effect-app", import.meta.url))
const TSC = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url))

/**
 * How TypeScript resolves packages for the Node that these need. `node10` is the way of versions
 * that know no `exports`; a package of ES modules alone is required as such from CommonJS.
 */
const JUDGED: Readonly<Record<"both" | "modules", ReadonlyArray<ResolutionKind>>> = {
  both: ["node16-cjs", "node16-esm", "bundler"],
  modules: ["node16-esm", "bundler"]
}

/** One name of each entry that is used as a value, in the imports of a project. */
const USES: ReadonlyArray<readonly [entry: string, name: string]> = [
  ["@campaignctl/core", "transition"],
  ["@campaignctl/core/testing", "memoryGateway"],
  ["@campaignctl/genesys-cloud", "layer"],
  ["@campaignctl/genesys-simulator", "startSimulator"],
  ["@campaignctl/ledger-sql", "layerSqlite"],
  ["@campaignctl/ledger-sql/postgres", "layerPostgres"],
  ["@campaignctl/manager", "CampaignStateManager"],
  ["@campaignctl/operations", "layerSingle"],
  ["@campaignctl/operations/errors", "operationsErrors"],
  ["@campaignctl/operations/lazy-safeguards", "lazySafeguards"],
  ["@campaignctl/operations/safeguards", "safeguards"],
  ["@campaignctl/operations/state-directory", "stateDirectory"],
  ["@campaignctl/telemetry", "telemetryLayer"],
  ["@campaignctl/webhooks", "layerWebhooks"],
  ["@campaignctl/webhooks/errors", "webhooksErrors"],
  ["@campaignctl/http", "createApp"],
  ["@campaignctl/http/keys", "keysLayer"],
  ["@campaignctl/http/problems", "problemPages"]
]

/** Entries that give nothing to import: a list of facts, and a program that runs when it is loaded. */
const NOT_IMPORTED: ReadonlySet<string> = new Set(["./package.json", "./main"])

const TYPED = `
const manager: CampaignStateManager = new CampaignStateManager()
export const paused: Promise<string> = manager.transitionState("id", "paused", "OTHER").then(({ state }) => state)
// @ts-expect-error there is no such target
export const wrong = manager.transitionState("id", "stopped")
export const used = [${USES.map(([, name]) => name).join(", ")}]
`

const COMPILER = {
  module: "nodenext",
  target: "es2024",
  strict: true,
  exactOptionalPropertyTypes: true,
  // Declarations are judged too, ours and those that they import.
  skipLibCheck: false,
  noEmit: true,
  types: ["node"],
  allowImportingTsExtensions: true
}

describe("the packages as packed", () => {
  let project: Installation
  beforeAll(async () => {
    project = await installation()
  }, 240_000)
  afterAll(() => project[Symbol.dispose]())

  it("are imported below by every entry that they have", () => {
    const entries = LIBRARIES.flatMap((name) =>
      project
        .entries(name)
        .filter((entry) => !NOT_IMPORTED.has(entry))
        .map((entry) => `${name}${entry.slice(1)}`)
    )
    assert.sameMembers(
      USES.map(([entry]) => entry),
      entries
    )
  })

  it.each(Object.keys(PUBLISHED) as ReadonlyArray<Published>)("%s passes publint", async (name) => {
    const tarball = project.tarball(name)
    const { messages, pkg } = await publint({
      strict: true,
      pack: { tarball: tarball.buffer as ArrayBuffer } // its own buffer: it was read as a whole
    })
    assert.deepStrictEqual(
      messages.map((message) => formatMessage(message, pkg)),
      []
    )
  })

  it.each(LIBRARIES)("%s has the right types, as are-the-types-wrong sees it", async (name) => {
    const judged = JUDGED[name === "@campaignctl/manager" ? "both" : "modules"]
    const checked = await checkPackage(createPackageFromTarballData(project.tarball(name)))
    assert.isTrue("problems" in checked, "it has types")
    const problems = "problems" in checked ? checked.problems : []
    assert.deepStrictEqual(
      problems.filter(
        (problem) => !("resolutionKind" in problem) || judged.includes(problem.resolutionKind)
      ),
      []
    )
  })

  it("type-check in a project outside, as ES modules and as CommonJS", async () => {
    project.write(
      "modules.mts",
      USES.map(([entry, name]) => `import { ${name} } from "${entry}"`).join("\n") + TYPED
    )
    project.write(
      "common.cts",
      USES.map(([entry, name]) => `import { ${name} } from "${entry}"`).join("\n") + TYPED
    )
    project.write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: COMPILER, files: ["modules.mts", "common.cts"] })
    )
    const { stdout } = await project.run(process.execPath, TSC, "-p", "tsconfig.json")
    assert.strictEqual(stdout, "")
  })

  it("are imported and required", async () => {
    const loaded = `[${USES.map(([, name]) => `typeof ${name}`).join(", ")}].join()`
    project.write(
      "import.mjs",
      `${USES.map(([entry, name]) => `import { ${name} } from "${entry}"`).join("\n")}\nconsole.log(${loaded})`
    )
    project.write(
      "require.cjs",
      `${USES.map(([entry, name]) => `const { ${name} } = require("${entry}")`).join("\n")}\nconsole.log(${loaded})`
    )
    for (const program of ["import.mjs", "require.cjs"]) {
      const { stdout } = await project.run(process.execPath, program)
      assert.strictEqual(
        stdout.trim().replaceAll("object", "function"),
        USES.map(() => "function").join()
      )
    }
  })

  it("run the examples, outside the workspace", async () => {
    project.copy(EFFECT_APP, "effect-app")
    const { stdout } = await project.run(process.execPath, "effect-app/main.ts")
    assert.include(stdout, "paused -> active")

    project.copy(EXPRESS_APP, "server.mjs")
    project.copy(HONO_APP, "hono.ts")
    using folder = temporaryFolder()
    const simulator = await startSimulator()
    try {
      const [campaign] = simulator.campaigns
      for (const [program, path] of [
        ["server.mjs", "/campaigns"],
        ["hono.ts", "/dialling/v1/campaigns"]
      ] as const) {
        await using app = await server(project.path(program), environment(simulator, folder.path))
        const { body, status } = await ask(`${app.url}${path}/${campaign?.id}`)
        assert.deepStrictEqual([status, body["name"]], [200, campaign?.name], program)
      }
    } finally {
      await simulator.close()
    }
  })

  it("give the command line its name", async () => {
    const { stdout } = await project.run(project.path("node_modules/.bin/campaignctl"), "--version")
    assert.match(stdout, /^\d+\.\d+\.\d+$/m)
  })
})
