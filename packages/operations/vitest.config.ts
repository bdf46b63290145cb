import { defineConfig, mergeConfig } from "vitest/config"
import { withPostgres } from "../../vitest.base.ts"

/** Most of what these tests do is to wait for other processes, so that more of them fit on few cores. */
const FILES_AT_ONCE = 4

export default defineConfig((env) =>
  mergeConfig(withPostgres(env), { test: { maxWorkers: FILES_AT_ONCE } })
)
