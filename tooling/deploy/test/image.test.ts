import { dirname } from "node:path"
import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { readCompose } from "./rules/compose.ts"
import { JOURNAL_DIRECTORY } from "./rules/facts.ts"
import { checkoutJson, composeFile, deployedFiles, textOf } from "./rules/files.ts"
import { secretLike } from "./rules/secretLike.ts"

const Package = Schema.Struct({
  packageManager: Schema.optionalKey(Schema.String),
  dependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
const packageOf = (path: string) => Schema.decodeUnknownSync(Package)(checkoutJson(path))

const dockerfile = textOf("Dockerfile")
const argumentsOf = (instruction: string): ReadonlyArray<string> =>
  [...dockerfile.matchAll(new RegExp(`^${instruction} (.+)$`, "gm"))].map(([, rest = ""]) => rest)

describe("the image", () => {
  it("starts from one base, whose version is said", () => {
    const bases = argumentsOf("FROM").map((from) => from.split(" ")[0])
    expect(new Set(bases)).toEqual(new Set(["node:24-bookworm-slim"]))
  })

  it("is built by the package manager that the workspace names, from its lockfile", () => {
    const { packageManager } = packageOf("package.json")
    expect(argumentsOf("ARG")).toEqual([`PNPM=${packageManager}`])
    expect(dockerfile).toMatch(/install --frozen-lockfile/)
  })

  it("has beside the bundle what the bundle leaves outside, in the same versions", () => {
    const { dependencies = {} } = packageOf("apps/cli/package.json")
    const outside = Object.entries(dependencies).filter(([name]) =>
      name.startsWith("@opentelemetry/")
    )
    expect(outside).not.toEqual([])
    expect(packageOf("tooling/deploy/package.json").dependencies).toEqual(
      Object.fromEntries(outside)
    )
  })

  it("runs as the user, in the place and with the words that the deployments count on", () => {
    const process = readCompose(composeFile()).services["campaignctl-1"]
    expect(argumentsOf("USER")).toEqual([process.user])
    expect(argumentsOf("WORKDIR").at(-1)).toBe(JOURNAL_DIRECTORY)
    expect(argumentsOf("VOLUME")).toEqual([JOURNAL_DIRECTORY])
    expect(argumentsOf("ENV")).toContain(`XDG_STATE_HOME=${dirname(JOURNAL_DIRECTORY)}`)
    expect(argumentsOf("ENTRYPOINT")).toEqual([`["node", "/opt/campaignctl/bin/campaignctl.mjs"]`])
    expect([argumentsOf("CMD"), process.command[0]]).toEqual([[`["serve"]`], "serve"])
  })

  it("is built without secrets: they are not sent to the builder", () => {
    expect(textOf("Dockerfile.dockerignore").split("\n")).toEqual(
      expect.arrayContaining(["tooling/deploy/secrets", "**/.env", "**/.git"])
    )
  })
})

describe("what is deployed with", () => {
  it.each(deployedFiles)("%s holds nothing that looks like a secret", (path) => {
    expect(secretLike(textOf(path))).toEqual([])
  })

  it.each([
    "postgres://campaignctl:hunter2@db/x",
    `key: cck_${"0".repeat(16)}_x`,
    "-----BEGIN EC PRIVATE KEY-----",
    "secret: Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg"
  ])("%s looks like one", (text) => {
    expect(secretLike(text)).toHaveLength(1)
  })
})
