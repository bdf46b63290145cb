import { homedir } from "node:os"
import { dirname, join, resolve } from "node:path"
import type { LedgerConfig } from "@campaignctl/core"
import { parseConfig } from "@campaignctl/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { journalDirectory, stateDirectory } from "../src/stateDirectory.ts"

const ledgerAt = (url: string): LedgerConfig =>
  Result.getOrThrow(
    parseConfig(
      { OAUTH_CLIENT_ID: "x", OAUTH_CLIENT_SECRET: "x", CAMPAIGNCTL_DATABASE_URL: url },
      {},
      { ledgerFile: "unused.db" }
    )
  ).ledger

const OWN = join(homedir(), ".local", "state", "campaignctl")

describe("where a user's own is kept", () => {
  it.each([
    [{ XDG_STATE_HOME: "/var/lib" }, "/var/lib/campaignctl"],
    [{ XDG_STATE_HOME: "relative" }, OWN],
    [{ XDG_STATE_HOME: "" }, OWN],
    [{}, OWN]
  ])("with %j it is %s", (env, directory) => {
    expect(stateDirectory(env)).toBe(directory)
  })

  it("a halt's journal is beside the ledger's file, wherever the process was started", () => {
    const file = resolve("some", "ledger.db")
    expect(journalDirectory(ledgerAt(`file:${file}`), { XDG_STATE_HOME: "/var/lib" })).toBe(
      join(dirname(file), "halt-journal")
    )
  })

  it("a halt's journal is in the state directory where the ledger is on a server", () => {
    const ledger = ledgerAt("postgres://somebody@localhost/ledger")
    expect(journalDirectory(ledger, { XDG_STATE_HOME: "/var/lib" })).toBe(
      "/var/lib/campaignctl/halt-journal"
    )
    expect(journalDirectory(ledger, {})).toBe(join(OWN, "halt-journal"))
  })
})
