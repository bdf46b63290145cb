import { chmod, mkdir, mkdtemp, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { Env, StartOptions } from "../support/Cli.ts"
import { type Contract, useWorld, type World } from "../support/World.ts"

const world = useWorld()

interface BadInput {
  readonly name: string
  /** `ID` stands for a campaign that is there. */
  readonly words: ReadonlyArray<string>
  readonly env?: Env
  readonly exitCode: number
  /** Everything that the sentence on stderr must hold. */
  readonly says: ReadonlyArray<string>
  readonly code: string
}

const PAUSE = ["pause", "ID", "--reason", "OTHER"]
const NOBODY = "00000000-0000-4000-8000-00000000dead"
/** Nothing listens on port 1 of any machine that runs these tests. */
const NOWHERE = "http://127.0.0.1:1"

const BAD_INPUTS: ReadonlyArray<BadInput> = [
  {
    name: "unknown campaign",
    words: ["pause", NOBODY, "--reason", "OTHER"],
    exitCode: 6,
    says: [`There is no campaign ${NOBODY}`, "campaignctl get"],
    code: "CAMPAIGN_NOT_FOUND"
  },
  {
    name: "malformed id",
    words: ["pause", "spring-renewals", "--reason", "OTHER"],
    exitCode: 2,
    says: ["id: expected a campaign id, which is a UUID", "“spring-renewals”"],
    code: "REQUEST_INVALID"
  },
  {
    name: "unknown target",
    words: ["transition", "ID", "--to", "pasued", "--reason", "OTHER"],
    exitCode: 2,
    says: ["--to: expected one of active, paused, completed, archived", "did you mean paused?"],
    code: "REQUEST_INVALID"
  },
  {
    name: "missing target",
    words: ["transition", "ID"],
    exitCode: 2,
    says: ["--to: expected one of", "found nothing"],
    code: "REQUEST_INVALID"
  },
  {
    name: "missing reason",
    words: ["pause", "ID"],
    exitCode: 2,
    says: [
      "--reason: expected one of AGENT_CAPACITY, COMPLIANCE, CUSTOMER_REQUEST, OTHER",
      "nothing"
    ],
    code: "REQUEST_INVALID"
  },
  {
    name: "unknown reason",
    words: ["pause", "ID", "--reason", "customer-requset"],
    exitCode: 2,
    says: ["did you mean CUSTOMER_REQUEST?"],
    code: "REQUEST_INVALID"
  },
  ...["5", "0s", "-1m", "5 parsecs", "PT", "25h", "1m1h"].map((duration) => ({
    name: `malformed duration ${duration}`,
    words: [...PAUSE, `--wait=${duration}`],
    exitCode: 2,
    says: ["--wait: expected a duration with its units", `“${duration}”`],
    code: "REQUEST_INVALID"
  })),
  {
    name: "override without a note",
    words: ["resume", "ID", "--override", "capacity"],
    exitCode: 2,
    says: ["--override: expected --note", "no note"],
    code: "REQUEST_INVALID"
  },
  {
    name: "override of a guard that may not be",
    words: ["resume", "ID", "--override", "matrix", "--note", "n"],
    exitCode: 2,
    says: ["--override: expected one of capacity, callingWindow, slots", "“matrix”"],
    code: "REQUEST_INVALID"
  },
  {
    name: "unknown command",
    words: ["puase", "ID"],
    exitCode: 2,
    says: ["Unknown command 'puase'", "Did you mean pause?"],
    code: "REQUEST_INVALID"
  },
  {
    name: "unknown option",
    words: [...PAUSE, "--waite"],
    exitCode: 2,
    says: ["Unknown option '--waite'", "Did you mean --wait?"],
    code: "REQUEST_INVALID"
  },
  {
    name: "several faults at once",
    words: ["transition", "nobody", "--to", "gone", "--wait=1"],
    exitCode: 2,
    says: ["✗ id:", "✗ --to:", "✗ --wait:"],
    code: "REQUEST_INVALID"
  },
  {
    name: "no credentials",
    words: PAUSE,
    env: { OAUTH_CLIENT_ID: "", OAUTH_CLIENT_SECRET: "" },
    exitCode: 2,
    says: ["OAUTH_CLIENT_ID: expected", "OAUTH_CLIENT_SECRET: expected"],
    code: "CONFIG_INVALID"
  },
  {
    name: "wrong credentials",
    words: PAUSE,
    env: { OAUTH_CLIENT_ID: "somebody-else" },
    exitCode: 5,
    says: ["does not accept the credentials", "campaignctl doctor"],
    code: "NOT_AUTHENTICATED"
  },
  {
    name: "wrong region",
    words: PAUSE,
    env: { GENESYS_API_URL: "", GENESYS_LOGIN_URL: "", GENESYS_REGION: "atlantis" },
    exitCode: 2,
    says: ["GENESYS_REGION", "atlantis"],
    code: "CONFIG_INVALID"
  },
  {
    name: "wrong contract",
    words: [...PAUSE, "--contract", "soap"],
    exitCode: 2,
    says: ["GENESYS_CONTRACT", "platform or etag"],
    code: "CONFIG_INVALID"
  },
  {
    name: "unreachable host",
    words: PAUSE,
    env: { GENESYS_API_URL: NOWHERE, GENESYS_LOGIN_URL: NOWHERE },
    exitCode: 7,
    says: ["gave no usable answer (unreachable)", "GENESYS_REGION"],
    code: "GENESYS_UNAVAILABLE"
  },
  {
    name: "a profile that is not there",
    words: [...PAUSE, "--profile", "/nowhere/profile.yaml"],
    exitCode: 2,
    says: ["--profile: expected a file that can be read", "no such file"],
    code: "CONFIG_INVALID"
  },
  {
    name: "a PostgreSQL ledger whose password is not escaped",
    words: PAUSE,
    env: { CAMPAIGNCTL_DATABASE_URL: "postgres://somebody:hunter/2@db/x" },
    exitCode: 2,
    says: ["CAMPAIGNCTL_DATABASE_URL"],
    code: "CONFIG_INVALID"
  },
  {
    name: "more than ten campaigns without --yes",
    words: [
      "pause",
      ...Array.from({ length: 11 }, (_, index) => NOBODY.replace("dead", `de${index + 10}`)),
      "--reason",
      "OTHER"
    ],
    exitCode: 2,
    says: ["--yes to change more than 10 campaigns at once", "11 campaigns and nobody to ask"],
    code: "REQUEST_INVALID"
  },
  {
    name: "a selector that is none",
    words: ["fleet", "pause", "--selector", "spring"],
    exitCode: 2,
    says: ["--selector: expected all, or parts such as name=EMEA*", "“spring”"],
    code: "REQUEST_INVALID"
  },
  {
    name: "numbers out of their bounds",
    words: "fleet resume --selector all --concurrency 101 --max-failures 1.5".split(" "),
    exitCode: 2,
    says: [
      "--concurrency: expected a whole number from 1 to 100; found “101”",
      "--max-failures: expected a whole number from 0",
      "“1.5”"
    ],
    code: "REQUEST_INVALID"
  },
  {
    name: "a list of none",
    words: ["operations", "list", "--limit", "0"],
    exitCode: 2,
    says: ["--limit: expected a whole number from 1 to 1000; found “0”"],
    code: "REQUEST_INVALID"
  },
  {
    name: "a halt of what dials alone",
    words: ["halt", "--selector", "state=active"],
    exitCode: 2,
    says: ["--selector: expected parts that do not change when a campaign is stopped"],
    code: "REQUEST_INVALID"
  },
  {
    name: "an operation that there is none of",
    words: ["operations", "cancel", NOBODY],
    exitCode: 6,
    says: [`no operation ${NOBODY}`, "campaignctl operations list"],
    code: "OPERATION_NOT_FOUND"
  },
  {
    name: "a halt that there is none of",
    words: ["halt", "lift", "storm"],
    exitCode: 6,
    says: ["No halt “storm” holds", "campaignctl halt list"],
    code: "HOLD_NOT_FOUND"
  },
  {
    name: "a declarative file that is not there",
    words: ["plan", "-f", "/nowhere/fleet.yaml"],
    exitCode: 2,
    says: ["--file: expected a file that can be read (/nowhere/fleet.yaml); found no such file"],
    code: "REQUEST_INVALID"
  },
  {
    name: "a declarative file with nothing in it",
    words: ["apply", "-f", "/dev/null"],
    exitCode: 2,
    says: ["--file: expected"],
    code: "REQUEST_INVALID"
  }
]

/** Words with the id of a campaign that dials in place of `ID`. */
const withId = (words: ReadonlyArray<string>, { idOf }: { readonly idOf: string }) =>
  words.map((word) => (word === "ID" ? idOf : word))

const spring = () => ({ idOf: world().idOf("Spring Renewals UK") })

/** Runs for people and for programs, looks at both, and gives how many changes were made at Genesys. */
const expectRefusal = async (
  input: Pick<BadInput, "code" | "exitCode" | "says" | "words">,
  env: Env,
  options?: StartOptions
): Promise<number> => {
  const before = await world().writes()
  const text = await world().start(withId(input.words, spring()), env, options).done
  expect({ exitCode: text.exitCode, stdout: errorOnly(text.stdout), stderr: text.stderr }).toEqual({
    exitCode: input.exitCode,
    stdout: "",
    stderr: expect.stringContaining("next:")
  })
  for (const part of input.says) expect(text.stderr).toContain(part)
  expect(text.stderr).not.toMatch(/\n\s+at /)
  const json = await world().json(withId(input.words, spring()), env, options)
  expect(json).toMatchObject({
    exitCode: input.exitCode,
    document: {
      error: { code: input.code, message: expect.any(String), nextStep: expect.any(String) }
    }
  })
  return (await world().writes()) - before
}

/** A table of what came of each campaign is the result, not the error. */
const errorOnly = (stdout: string): string => (stdout.startsWith("OUTCOME") ? "" : stdout)

describe.each<Contract>(["platform", "etag"])("on the %s contract", (contract) => {
  it.each(BAD_INPUTS)("$name: exit $exitCode", async (input) => {
    expect(await expectRefusal(input, { ...world().env(contract), ...input.env })).toBe(0)
  })
})

const LEDGER_FAULT = { words: PAUSE, exitCode: 7, code: "AUDIT_UNAVAILABLE" } as const

describe("a ledger that cannot be used", () => {
  it("stops every change where its directory cannot be made", async () => {
    const { CAMPAIGNCTL_DATABASE_URL: _file, ...env } = world().env()
    for (const HOME of ["/proc", "/dev/null"])
      expect(
        await expectRefusal(
          { ...LEDGER_FAULT, says: [`${HOME}/.local/state/campaignctl/ledger.db cannot be made`] },
          { ...env, HOME }
        )
      ).toBe(0)
  })

  it("is left as it is where it is something else", async () => {
    const env = world().env()
    const file = world().ledgerOf(env)
    const garbage = "This is a shopping list.\n".repeat(50)
    await writeFile(file, garbage)
    expect(
      await expectRefusal(
        { ...LEDGER_FAULT, says: ["is not a database", "nothing was changed"] },
        env
      )
    ).toBe(0)
    expect(await readFile(file, "utf8")).toBe(garbage)
  })

  it("stops every change where it is read-only", async () => {
    const env = world().env()
    const directory = join(world().directory, "read-only")
    await mkdir(directory)
    const readOnly = { ...env, CAMPAIGNCTL_DATABASE_URL: `file:${join(directory, "ledger.db")}` }
    expect(await world().run(["audit", "verify"], readOnly)).toMatchObject({ exitCode: 0 })
    await chmod(join(directory, "ledger.db"), 0o444)
    await chmod(directory, 0o555)
    expect(
      await expectRefusal({ ...LEDGER_FAULT, says: ["nothing was changed"] }, readOnly, {
        heldBack: true
      })
    ).toBe(0)
    await chmod(directory, 0o755)
  })

  it("stops every change where the disk takes no more", async () => {
    const full = { shellFirst: "trap '' XFSZ; ulimit -f 0" }
    expect(
      await expectRefusal({ ...LEDGER_FAULT, says: ["nothing was changed"] }, world().env(), full)
    ).toBe(0)
  })
})

describe("the ledger where none is named", () => {
  const ownLedger = async (world: World, env: Env) => {
    const { CAMPAIGNCTL_DATABASE_URL: _named, ...rest } = env
    const state = await mkdtemp(join(world.directory, "state-"))
    return {
      env: { ...rest, XDG_STATE_HOME: state },
      file: join(state, "campaignctl", "ledger.db")
    }
  }

  it.each([
    ["audit", "list"],
    ["cluster", "status"],
    ["halt", "list"],
    ["key", "list"],
    ["operations", "list"]
  ])("is made for its owner alone, whoever comes first: %s %s", async (...words) => {
    const { env, file } = await ownLedger(world(), world().env())
    expect(await world().run(words, env)).toMatchObject({ exitCode: 0 })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(file, ".."))).mode & 0o777).toBe(0o700)
  })
})

describe("a profile with names that nobody has", () => {
  it.each(["doctor", "guard status", "serve"])(
    "is refused with everything that is wrong with it: %s",
    async (command) => {
      const file = join(await mkdtemp(join(world().directory, "profile-")), "profile.yaml")
      await writeFile(file, "COLOUR: red\nGENESYS_REGON: x\nCAMPAIGNCTL_RETRY_BASE_MS: soon\n")
      const { CAMPAIGNCTL_RETRY_BASE_MS: _set, ...env } = world().env()
      const { exitCode, stderr, stdout } = await world().run(
        [...command.split(" "), "--profile", file],
        env
      )
      expect(exitCode).toBe(2)
      for (const name of ["COLOUR", "GENESYS_REGON", "CAMPAIGNCTL_RETRY_BASE_MS"])
        expect(stderr + stdout).toContain(name)
    }
  )
})
