import { defineConfig } from "tsdown"

/** ES modules for `import`, CommonJS for `require`, each with its types. */
export default defineConfig({
  entry: "src/index.ts",
  format: ["esm", "cjs"],
  platform: "node",
  target: "node24",
  dts: true,
  treeshake: { moduleSideEffects: false },
  clean: true
})
