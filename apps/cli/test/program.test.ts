import { anyOf, AuditKind, AuditOutcome } from "@campaignctl/core"
import { allScopes } from "@campaignctl/http"
import { DeliveryStatus, EventType } from "@campaignctl/webhooks"
import type { Command } from "commander"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DEFAULT_WAIT, untangledWait } from "../src/arguments/waitOption.ts"
import { formatAskedFor } from "../src/program/outputFormat.ts"
import { makeProgram } from "../src/program/program.ts"
import type { Starter } from "../src/program/Starter.ts"
import { scrubbed } from "../src/process/scrubbed.ts"

const starter: Starter = {
  start: () => Promise.resolve(),
  hand: () => Promise.resolve(),
  launcher: "",
  printVersion: () => undefined,
  writeOut: () => undefined,
  writeErr: () => undefined
}

const names = (word?: string) =>
  makeProgram(starter, word).commands.map((command) => command.name())

describe("the command line", () => {
  it("has every command, and builds the one that is asked for alone", () => {
    const all = names()
    expect(all).toEqual([
      "get",
      "describe",
      "explain",
      "pause",
      "resume",
      "complete",
      "archive",
      "transition",
      "fleet",
      "operations",
      "halt",
      "plan",
      "apply",
      "schedule",
      "guard",
      "watch",
      "cluster",
      "audit",
      "serve",
      "key",
      "webhook",
      "doctor",
      "explain-error",
      "simulator",
      "demo"
    ])
    for (const name of all) expect(names(name)).toEqual([name])
    for (const word of ["--help", "help", "gte", "constructor"]) expect(names(word)).toEqual(all)
  })

  it("says of every option what it does", () => {
    for (const command of makeProgram(starter).commands) {
      expect(command.description()).not.toBe("")
      for (const option of command.options) expect(option.description).not.toBe("")
    }
  })
})

/** What the help says of an option. */
const optionText = ([first = "", ...words]: ReadonlyArray<string>, long: string): string => {
  let command: Command = makeProgram(starter, first)
  for (const word of [first, ...words])
    command = command.commands.find((child) => child.name() === word) ?? command
  return command.options.find((option) => option.long === long)?.description ?? "no such option"
}

it.each([
  [["audit", "list"], "--kind", AuditKind.literals],
  [["audit", "export"], "--outcome", AuditOutcome.literals],
  [["key", "create"], "--scope", allScopes],
  [["webhook", "add"], "--event", EventType.literals],
  [["webhook", "deliveries"], "--status", DeliveryStatus.literals]
])("%j names every word that %s takes", (words, long, literals) => {
  expect(optionText(words, long)).toContain(anyOf(literals))
})

describe("untangledWait", () => {
  const id = "0b5d1c9e-4a9f-4d0e-9a64-1f6a3c1d2e3f"

  it("keeps a campaign id from being taken for a duration", () => {
    expect(untangledWait(["pause", "--wait", id])).toEqual(["pause", `--wait=${DEFAULT_WAIT}`, id])
    expect(untangledWait(["pause", "--", "--wait", id])).toEqual(["pause", "--", "--wait", id])
  })

  it("leaves everything else as it is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("pause", "--wait", "5m", "--wait=1s", "-o")),
        (words) => {
          expect(untangledWait(words)).toEqual(words)
        }
      )
    )
  })
})

it("finds the format that was asked for in any spelling", () => {
  const spellings = [
    ["-o", "json"],
    ["-ojson"],
    ["-o=json"],
    ["--output", "json"],
    ["--output=json"]
  ]
  for (const words of spellings) expect(formatAskedFor(["get", ...words])).toBe("json")
  expect(formatAskedFor(["get", "-o"])).toBe("table")
  expect(formatAskedFor(["get", "-o", "xml"])).toBe("table")
})

it("hides secrets and what looks like a token in a header", () => {
  const env = { OAUTH_CLIENT_SECRET: "open-sesame", GENESYSCLOUD_OAUTHCLIENT_SECRET: "swordfish" }
  const text = scrubbed("open-sesame, swordfish, Authorization: Bearer abc.def Basic xyz", env)
  expect(text).toBe("[hidden], [hidden], Authorization: Bearer [hidden] Basic [hidden]")
})
