import { execFile, spawnSync } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { Redacted } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { signedHeaders } from "../src/delivery/secrets.ts"

const run = promisify(execFile)

/** Seconds since 1970 at which the messages of this test are sent. */
const NOW = 1_800_000_000
const OLD_SECRET = `whsec_${Buffer.alloc(24, 1).toString("base64")}`
const NEW_SECRET = `whsec_${Buffer.alloc(64, 255).toString("base64")}`
const BODY = JSON.stringify({ id: "1:campaign.drained", data: { name: "Größe “7”" } })

type Case = readonly [
  what: string,
  secret: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  now: number,
  expected: boolean
]

const headers = signedHeaders(
  "1:campaign.drained",
  BODY,
  [Redacted.make(NEW_SECRET), Redacted.make(OLD_SECRET)],
  NOW * 1_000
)

const cases: ReadonlyArray<Case> = [
  ["signed with the new secret", NEW_SECRET, headers, BODY, NOW, true],
  ["signed with the old secret too", OLD_SECRET, headers, BODY, NOW + 300, true],
  [
    "of another secret",
    `whsec_${Buffer.alloc(32, 3).toString("base64")}`,
    headers,
    BODY,
    NOW,
    false
  ],
  ["whose body was changed", NEW_SECRET, headers, `${BODY} `, NOW, false],
  ["whose id was changed", NEW_SECRET, { ...headers, "webhook-id": "2" }, BODY, NOW, false],
  [
    "whose time was changed",
    NEW_SECRET,
    { ...headers, "webhook-timestamp": String(NOW + 1) },
    BODY,
    NOW,
    false
  ],
  ["without a time", NEW_SECRET, { ...headers, "webhook-timestamp": "soon" }, BODY, NOW, false],
  ["without a signature", NEW_SECRET, { ...headers, "webhook-signature": "" }, BODY, NOW, false],
  [
    "of a version that is not known",
    NEW_SECRET,
    {
      ...headers,
      "webhook-signature": (headers["webhook-signature"] ?? "").replaceAll("v1,", "v2,")
    },
    BODY,
    NOW,
    false
  ],
  ["that is too old", NEW_SECRET, headers, BODY, NOW + 301, false],
  ["from the future", NEW_SECRET, headers, BODY, NOW - 301, false]
]

const expected = cases.map(([, , , , , valid]) => valid)

let directory = ""
let snippets: ReadonlyMap<string, string> = new Map()
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "campaignctl-receive-"))
  const text = await readFile(new URL("../docs/receive.md", import.meta.url), "utf8")
  snippets = new Map(
    [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) => [
      language,
      code
    ])
  )
  await writeFile(
    join(directory, "cases.json"),
    JSON.stringify(cases.map(([, secret, headers, body, now]) => ({ secret, headers, body, now })))
  )
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const written = async (name: string, ...parts: ReadonlyArray<string>): Promise<string> => {
  const file = join(directory, name)
  await writeFile(file, parts.join("\n"))
  return file
}

/** Whether a program is there to run. */
const has = (program: string, argument: string): boolean =>
  spawnSync(program, [argument], { stdio: "ignore" }).status === 0

const pythonIsHere = has("python3", "--version")
const javaIsHere = has("java", "-version")

/** Said in the name of a test that could not run its snippet. */
const MISSING = "which is not installed here: only the text that it signs is looked at"

const PYTHON_CASES = `
import json, os, sys
with open(os.path.join(os.path.dirname(sys.argv[0]), "cases.json"), encoding="utf-8") as file:
    cases = json.load(file)
print(json.dumps([verify(c["secret"], c["headers"], c["body"].encode(), c["now"]) for c in cases]))
`

/** Java has no JSON of its own: each part of a case is a line in base64. */
const JAVA_CASES = `
class Cases {
  static String text(String line) {
    return new String(java.util.Base64.getDecoder().decode(line), java.nio.charset.StandardCharsets.UTF_8);
  }
  public static void main(String[] args) throws Exception {
    java.util.List<String> lines = java.nio.file.Files.readAllLines(java.nio.file.Path.of(args[0]));
    for (int at = 0; at < lines.size(); at += 6)
      System.out.println(Webhooks.verify(text(lines.get(at)), Map.of("webhook-id", text(lines.get(at + 1)),
        "webhook-timestamp", text(lines.get(at + 2)), "webhook-signature", text(lines.get(at + 3))),
        text(lines.get(at + 4)).getBytes(StandardCharsets.UTF_8), Long.parseLong(text(lines.get(at + 5)))));
  }
}
`

describe("what receivers verify with", () => {
  it("is in TypeScript", async () => {
    const file = await written("verify.ts", snippets.get("ts") ?? "")
    const { verify } = await import(pathToFileURL(file).href)
    expect(
      cases.map(([, secret, headers, body, now]) => verify(secret, headers, Buffer.from(body), now))
    ).toEqual(expected)
  })

  it(`is in Python${pythonIsHere ? "" : `, ${MISSING}`}`, async () => {
    expect(snippets.get("python")).toContain('f"{message_id}.{timestamp}.".encode() + body')
    if (!pythonIsHere) return
    const file = await written("verify.py", snippets.get("python") ?? "", PYTHON_CASES)
    const { stdout } = await run("python3", [file])
    expect(JSON.parse(stdout)).toEqual(expected)
  })

  it(`is in Java${javaIsHere ? "" : `, ${MISSING}`}`, async () => {
    expect(snippets.get("java")).toContain('(id + "." + timestamp + ".")')
    if (!javaIsHere) return
    // The class that has the main method stands first in a file that is run as a source.
    const code = snippets.get("java") ?? ""
    const imports = code.match(/^import .*$/gm) ?? []
    const classes = code.replace(/^import .*$/gm, "").replace("public final class", "final class")
    const file = await written("Cases.java", ...imports, JAVA_CASES, classes)
    const lines = cases.flatMap(([, secret, headers, body, now]) =>
      [
        secret,
        headers["webhook-id"] ?? "",
        headers["webhook-timestamp"] ?? "",
        headers["webhook-signature"] ?? "",
        body,
        String(now)
      ].map((part) => Buffer.from(part).toString("base64"))
    )
    const input = await written("cases.txt", ...lines)
    const { stdout } = await run("java", [file, input])
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => line === "true")
    ).toEqual(expected)
  })
})
