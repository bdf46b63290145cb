import { describe, expect, it } from "vitest"
import { checkImports } from "../src/imports.ts"
import type { Rule } from "../src/imports.ts"
import { workspaceOf } from "./workspace-of.ts"

const core = "packages/core/src/a.ts"
const coreTest = "packages/core/test/a.test.ts"
const cloud = "packages/genesys-cloud/src/a.ts"
const cloudTest = "packages/genesys-cloud/test/a.test.ts"
const cli = "apps/cli/src/main.ts"

const rulesBroken = (files: Readonly<Record<string, string>>): ReadonlyArray<Rule> =>
  checkImports(workspaceOf(files)).violations.map(({ rule }) => rule)

const broken: ReadonlyArray<readonly [string, ReadonlyArray<Rule>, string, string]> = [
  ["core imports an undeclared package", ["layer", "undeclared"], core, `import "axios"`],
  ["core imports a test tool that it declares", ["layer", "undeclared"], core, `import "vitest"`],
  [
    "core imports the type of an outsider",
    ["layer", "undeclared"],
    core,
    `import type { A } from "axios"`
  ],
  [
    "core names a type of an outsider",
    ["layer", "undeclared"],
    core,
    `export type A = import("axios").A`
  ],
  ["core re-exports an outsider", ["layer", "undeclared"], core, `export { a } from "axios"`],
  ["core re-exports all of an outsider", ["layer", "undeclared"], core, `export * from "axios"`],
  [
    "core imports an outsider lazily",
    ["layer", "undeclared"],
    core,
    `const a = await import("axios")`
  ],
  ["core requires an outsider", ["layer", "undeclared"], core, `const a = require("axios")`],
  [
    "core imports an outsider the old way",
    ["layer", "undeclared"],
    core,
    `import a = require("axios")`
  ],
  [
    "core imports a package that begins like effect",
    ["layer", "undeclared"],
    core,
    `import "effect-extra"`
  ],
  ["core imports an adapter", ["layer", "undeclared"], core, `import "@campaignctl/genesys-cloud"`],
  ["core imports Node", ["platform"], core, `import "node:fs"`],
  ["core imports Node without saying so", ["builtin-prefix", "platform"], core, `import "fs"`],
  ["core reads the clock", ["platform"], core, `export const now = () => Date.now()`],
  [
    "core reads the clock by a string",
    ["platform"],
    core,
    `export const now = () => Date["now"]()`
  ],
  ["core makes the present", ["platform"], core, `export const now = () => new Date()`],
  ["core prints the present", ["platform"], core, `export const now = () => Date()`],
  ["core throws dice", ["platform"], core, `export const roll = () => Math.random()`],
  ["core makes an id", ["platform"], core, `export const id = () => crypto.randomUUID()`],
  ["core reads the environment", ["platform"], core, `export const home = process.env.HOME`],
  ["core hides behind globalThis", ["platform"], core, `export const p = globalThis.process`],
  ["core sets a timer", ["platform"], core, `setTimeout(() => {}, 1)`],
  ["core prints", ["platform"], core, `console.log("x")`],
  [
    "an adapter imports an adapter",
    ["layer"],
    "packages/genesys-simulator/src/a.ts",
    `import "@campaignctl/genesys-cloud"`
  ],
  ["an adapter imports what its tests alone declare", ["undeclared"], cloud, `import "vitest"`],
  ["a test imports what nobody declares", ["undeclared"], cloudTest, `import "luxon"`],
  ["anybody imports an app", ["layer", "undeclared", "internals"], cloud, `import "campaignctl"`],
  ["an app reaches for internals", ["internals"], cli, `import "@campaignctl/core/src/decide.ts"`],
  [
    "a test reaches for internals",
    ["internals"],
    cloudTest,
    `import "@campaignctl/core/src/decide.ts"`
  ],
  [
    "a file leaves its package",
    ["outside-package"],
    cli,
    `import "../../../packages/core/src/a.ts"`
  ],
  [
    "a file leaves for a package of a like name",
    ["outside-package"],
    cli,
    `import "../../cli-extra/src/a.ts"`
  ],
  ["a file names an absolute path", ["outside-package"], cli, `import "/etc/a.ts"`],
  ["what is shipped needs a test file", ["test-in-source"], core, `import "../test/model.ts"`],
  [
    "an import cannot be followed",
    ["computed"],
    cli,
    `export const load = (name: string) => import(name)`
  ],
  ["a file imports itself", ["cycle"], core, `import "./a.ts"`],
  [
    "a file holds a program that imports what is not declared",
    ["undeclared"],
    cloud,
    "const PROGRAM = `import { a } from 'luxon'\nawait a()`"
  ],
  [
    "a file holds a program, put together from parts, that reaches for internals",
    ["internals"],
    cli,
    "const program = (name) => `import { ${name} } from '@campaignctl/core/src/decide.ts'`"
  ],
  [
    "a file holds a program in a string that loads an app",
    ["layer", "undeclared", "internals"],
    cloud,
    `const PROGRAM = "await import('campaignctl')"`
  ],
  [
    "a file names another package by its place",
    ["outside-package"],
    cli,
    `const folder = new URL("../../../packages/core", import.meta.url)`
  ],
  [
    "a test names a file of another package by its place",
    ["outside-package"],
    cloudTest,
    `const file = new URL("../../core/src/a.ts", import.meta.url)`
  ]
]

const kept: ReadonlyArray<readonly [string, string, string]> = [
  ["core imports effect", core, `import { Effect } from "effect"`],
  ["core imports a part of effect", core, `import * as Effect from "effect/Effect"`],
  ["core imports a file of its own", core, `import { b } from "./b.ts"`],
  ["core makes a date from an instant", core, `export const date = (at: number) => new Date(at)`],
  [
    "core names the clock in a comment and a string",
    core,
    `// Date.now()\nexport const text = "Date.now()"`
  ],
  ["a test of core imports a test tool", coreTest, `import { it } from "vitest"`],
  ["a test of core reads the clock", coreTest, `import "node:fs"\nDate.now()`],
  [
    "an adapter imports core and its own dependencies",
    cloud,
    `import "@campaignctl/core"\nimport "axios"\nimport "node:fs"`
  ],
  ["an adapter reads the clock", cloud, `export const now = () => Date.now()`],
  [
    "an adapter's tests import another adapter",
    cloudTest,
    `import "@campaignctl/genesys-simulator"`
  ],
  ["an adapter imports core's testing entry", cloudTest, `import "@campaignctl/core/testing"`],
  ["an app composes", cli, `import "@campaignctl/core"\nimport "@campaignctl/genesys-cloud"`],
  [
    "a file holds a program that imports what is declared, and a file beside it",
    cloud,
    "const PROGRAM = `import 'axios'\nimport './other.mjs'`"
  ],
  [
    "a file speaks of imports",
    cloud,
    `const text = "import 'luxon' as you like, then import it again"`
  ],
  ["a test holds a program as data", cloudTest, "const PROGRAM = `import 'luxon'`"],
  [
    "a file names the workspace, and a file of its own, by their places",
    cli,
    `new URL("../../..", import.meta.url)\nnew URL("../bin/a.mjs", import.meta.url)\nnew URL("https://a.b")`
  ],
  ["an app imports lazily", cli, `export const load = () => import("@campaignctl/genesys-cloud")`]
]

describe("the import check", () => {
  it.each(broken)("fails when %s", (_title, rules, path, text) => {
    expect(rulesBroken({ [path]: text })).toEqual(rules)
  })

  it.each(kept)("passes when %s", (_title, path, text) => {
    expect(rulesBroken({ [path]: text })).toEqual([])
  })

  it("names the file, the line and the reason", () => {
    const { violations } = checkImports(
      workspaceOf({ [core]: `import { Effect } from "effect"\n\nexport { a } from "axios"\n` })
    )
    expect(violations[0]).toMatchObject({ rule: "layer", path: core, line: 3 })
    expect(violations[0]?.message).toContain(`must not import "axios"`)
  })

  it("fails on a cycle through several files, types included, and names all of them", () => {
    const { violations } = checkImports(
      workspaceOf({
        "packages/core/src/a.ts": `import "./b.ts"`,
        "packages/core/src/b.ts": `import type { C } from "./deep/c.ts"`,
        "packages/core/src/deep/c.ts": `export * from "../a.ts"`,
        "packages/core/src/d.ts": `import "./a.ts"`
      })
    )
    expect(violations.map(({ rule, message }) => [rule, message])).toEqual([
      [
        "cycle",
        "import cycle: packages/core/src/a.ts → packages/core/src/b.ts → packages/core/src/deep/c.ts → packages/core/src/a.ts"
      ]
    ])
  })

  it("fails on a package that the table does not know", () => {
    const { violations } = checkImports(
      workspaceOf({ [core]: "export {}" }, { "packages/new": { name: "@campaignctl/new" } })
    )
    expect(violations.map(({ rule, path }) => [rule, path])).toEqual([
      ["unknown-package", "packages/new/package.json"]
    ])
  })

  it("refuses to pass when there is nothing to check", () => {
    expect(() => checkImports(workspaceOf({}))).toThrow("nothing was checked")
  })

  it("refuses to pass a file that does not parse", () => {
    expect(() => checkImports(workspaceOf({ [core]: "import {" }))).toThrow(
      `${core} does not parse`
    )
  })
})
