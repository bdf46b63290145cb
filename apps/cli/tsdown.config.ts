import { defineConfig } from "tsdown"

/**
 * One self-contained program in several chunks: each command loads what it needs and nothing else.
 * Everything is bundled, because hundreds of small files take longer to find than to run.
 */
export default defineConfig({
  entry: { main: "src/main.ts" },
  outDir: "dist",
  format: "esm",
  fixedExtension: false,
  platform: "node",
  target: "node24",
  minify: true,
  dts: false,
  sourcemap: false,
  clean: true,
  deps: { alwaysBundle: [/.*/] }
})
