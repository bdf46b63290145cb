import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { defineConfig, mergeConfig, type ViteUserConfigFnObject } from "vitest/config"

/** A property or end-to-end test on two busy cores, in milliseconds: a limit for what hangs, not a measure. */
const TEST_TIMEOUT_MILLIS = 240_000

/** How many times the cases of a property the long run makes: about an hour's worth for the slowest. */
const LONG_SCALE = 150

declare module "vitest" {
  interface ProvidedContext {
    /** What a property multiplies its number of cases by: `numRuns: 10_000 * inject("scale")`. */
    scale: number
    /** Where the bundle of a program is, by the absolute path of its source. */
    programs: Readonly<Record<string, string>>
  }
}

/**
 * The test settings of every package.
 *
 * The JSON report is what the closing summary counts, so it is written on every run. `--mode long`
 * runs the same tests with more cases for each property, and no time limit.
 */
const base = defineConfig(({ mode }) => {
  const long = mode === "long"
  return {
    test: {
      include: ["test/**/*.test.ts"],
      reporters: ["default", "json"],
      outputFile: { json: long ? "reports/long.json" : "reports/tests.json" },
      // Tests start many processes from the same sources; read once, they start in half the time.
      env: {
        NODE_COMPILE_CACHE:
          process.env["NODE_COMPILE_CACHE"] ?? join(tmpdir(), "campaignctl-compiled")
      },
      provide: { scale: long ? LONG_SCALE : 1, programs: {} },
      // What a file imports, Effect above all, takes longer to load than most files' tests to run.
      isolate: false,
      // Node runs these sources as they are; rewriting them costs more than it gives.
      experimental: { viteModuleRunner: false },
      testTimeout: long ? 0 : TEST_TIMEOUT_MILLIS,
      hookTimeout: TEST_TIMEOUT_MILLIS,
      setupFiles: [fileURLToPath(new URL("setup.ts", import.meta.url))]
    }
  }
})

export default base

/**
 * For tests that start the programs, named by paths from the package's folder, again and again:
 * `inject("programs")` tells where each is as one file.
 */
export const startingPrograms = (
  config: ViteUserConfigFnObject,
  ...sources: ReadonlyArray<string>
) =>
  defineConfig((env) =>
    mergeConfig(config(env), {
      test: {
        globalSetup: [fileURLToPath(new URL("programs.ts", import.meta.url))],
        provide: { programs: Object.fromEntries(sources.map((source) => [source, source])) }
      }
    })
  )

/**
 * Files at once, however few cores there are: with a server and processes to start and to wait for, a test
 * uses a core for less than half of its time.
 */
const WAITING_FILES = 3

/** The same with one PostgreSQL server for the whole run, as `@campaignctl/postgres-server/fresh` needs it. */
export const withPostgres = defineConfig((env) =>
  mergeConfig(base(env), {
    test: {
      globalSetup: ["@campaignctl/postgres-server/global-setup"],
      maxWorkers: Math.max(WAITING_FILES, availableParallelism() - 1)
    }
  })
)
