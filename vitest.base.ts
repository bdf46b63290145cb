import { defineConfig } from "vitest/config"

/** A property or end-to-end test on a slow machine, in milliseconds; the library's 5 s is too tight for both. */
const TEST_TIMEOUT_MILLIS = 60_000

const LONG_TESTS = "test/**/*.long.test.ts"

/**
 * The test settings of every package.
 *
 * The JSON report is what the closing summary counts, so it is written on every run. Tests named
 * `*.long.test.ts` run in `--mode long` alone.
 */
export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === "long" ? LONG_TESTS : "test/**/*.test.ts"],
    exclude: mode === "long" ? [] : [LONG_TESTS],
    reporters: ["default", "json"],
    outputFile: { json: mode === "long" ? "reports/long.json" : "reports/tests.json" },
    testTimeout: TEST_TIMEOUT_MILLIS,
    hookTimeout: TEST_TIMEOUT_MILLIS
  }
}))
