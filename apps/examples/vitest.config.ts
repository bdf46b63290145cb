import { defineConfig, mergeConfig } from "vitest/config"
import base from "../../tooling/vitest/base.ts"

export default defineConfig((env) =>
  mergeConfig(base(env), {
    // Left to Node alone, `@arethetypeswrong/core` would be its sources, which Node does not load from a package.
    test: { experimental: { viteModuleRunner: true } }
  })
)
