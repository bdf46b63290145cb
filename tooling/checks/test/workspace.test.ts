import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parsePackage, readWorkspace } from "../src/workspace.ts"

let root = ""

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "campaignctl-checks-"))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

describe("readWorkspace", () => {
  it("reads the packages that the workspace names and all their code, nothing else", () => {
    write("pnpm-workspace.yaml", "packages:\n  - packages/*\n  - apps/*\n")
    write("packages/b/package.json", `{"name":"b","scripts":{"test":"x"}}`)
    write("packages/a/package.json", `{"name":"a"}`)
    write("packages/empty/README.md", "")
    write("other/c/package.json", `{"name":"c"}`)
    write("packages/a/src/deep/x.ts", "export {}")
    write("packages/a/test/x.test.ts", "")
    write("packages/a/bench/x.bench.mjs", "")
    write("packages/a/dist/x.js", "")
    write("packages/a/src/notes.md", "")
    const { packages, files } = readWorkspace(root)
    expect(packages.map(({ name, folder }) => [name, folder])).toEqual([
      ["a", "packages/a"],
      ["b", "packages/b"]
    ])
    expect(files.map(({ path }) => path)).toEqual([
      "packages/a/bench/x.bench.mjs",
      "packages/a/src/deep/x.ts",
      "packages/a/test/x.test.ts"
    ])
    expect(files[1]?.text).toBe("export {}")
  })
})

describe("parsePackage", () => {
  it("counts peers among the dependencies", () => {
    const parsed = parsePackage(
      "p",
      JSON.stringify({
        name: "p",
        dependencies: { a: "1" },
        peerDependencies: { b: "1" },
        devDependencies: { c: "1" },
        exports: { ".": "./x.ts" }
      })
    )
    expect([...parsed.dependencies]).toEqual(["a", "b"])
    expect([...parsed.devDependencies]).toEqual(["c"])
    expect([...parsed.entries]).toEqual(["."])
  })

  it("refuses a package without a name", () => {
    expect(() => parsePackage("p", "{}")).toThrow("p/package.json has no name")
  })
})
