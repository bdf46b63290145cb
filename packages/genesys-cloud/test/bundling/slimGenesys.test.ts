import { assert, describe, it } from "@effect/vitest"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build, type Plugin } from "vite"
import { slimGenesys } from "../../src/bundling/slimGenesys.ts"

const ENTRY = fileURLToPath(new URL("../../src/layer.ts", import.meta.url))

/** The code of every chunk of this package's bundle. */
const bundle = async (plugin: Plugin, entry = ENTRY): Promise<string> => {
  const outDir = await mkdtemp(join(tmpdir(), "slim-genesys-"))
  try {
    const result = await build({
      configFile: false,
      logLevel: "silent",
      plugins: [plugin],
      ssr: { noExternal: true },
      build: { ssr: entry, outDir, write: false, minify: false }
    })
    if (!("output" in result)) throw new Error("The build gave no output.")
    return result.output.map((part) => ("code" in part ? part.code : "")).join("\n")
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
}

/** Marks of what the bundle would hold without the plugin; the bundler names each file in a comment. */
const LEFT_OUT = [
  "node_modules/winston/",
  "node_modules/configparser/",
  "node_modules/form-data/",
  "/DefaultHttpClient.js",
  "/axios/lib/adapters/fetch.js",
  "typeof G.FormData"
]

describe("the slim bundle", () => {
  it("leaves out the SDK's logger and configuration parser and axios' form data, and keeps the proxy adapter", async () => {
    const code = await bundle(slimGenesys())
    for (const left of LEFT_OUT) assert.notInclude(code, left)
    assert.include(code, "follow-redirects")
  })

  it("would hold all that without the plugin", async () => {
    const code = await bundle({ name: "none" })
    for (const left of LEFT_OUT) assert.include(code, left)
  })

  it("fails where there is nothing to leave out, as after an update of what it leaves out", async () => {
    const entry = fileURLToPath(new URL("../../src/regions.ts", import.meta.url))
    const error: unknown = await bundle(slimGenesys(), entry).then(
      () => undefined,
      (error: unknown) => error
    )
    assert.include(String(error), "slim-genesys found nothing to leave out for")
  })
})
