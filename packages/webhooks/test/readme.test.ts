import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { idsLive, layerSqlite } from "@campaignctl/ledger-sql"
import { Webhook } from "standardwebhooks"
import { append, observed } from "./support/steps.ts"
import { httpServer } from "./support/sockets.ts"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
const PROGRAM = fileURLToPath(new URL("programs/embedded.ts", import.meta.url))

it("shows the program that runs here, and no other", () => {
  expect([...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)).toEqual([
    readFileSync(PROGRAM, "utf8")
  ])
})

/** The program with a database of its own; ended with the scope. */
const running = (url: string, filename: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [PROGRAM, url, filename], {
        env: { ...process.env, CAMPAIGNCTL_WEBHOOK_ALLOW: "127.0.0.1" },
        stdio: ["ignore", "pipe", "inherit"]
      })
      const said: Array<string> = []
      child.stdout.on("data", (chunk: Buffer) => said.push(chunk.toString()))
      return { child, said }
    }),
    ({ child }) => Effect.sync(() => child.kill())
  )

it.live("tells another program, which verifies it, of what a third process records", () =>
  Effect.gen(function* () {
    const directory = mkdtempSync(join(tmpdir(), "campaignctl-webhooks-"))
    yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(directory, { recursive: true })))
    const filename = join(directory, "ledger.db")
    const got: Array<{ headers: Record<string, string>; body: string }> = []
    const { port } = yield* httpServer((request, answer) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const headers = Object.entries(request.headers).map(([name, value]) => [
          name,
          String(value)
        ])
        got.push({ headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString() })
        answer.writeHead(204).end()
      })
    })
    const { said } = yield* running(`http://127.0.0.1:${port}/hook`, filename)
    while (!said.join("").includes("Delivered")) yield* Effect.sleep(20)
    yield* append(observed(1, "draining", "paused", 1)).pipe(
      Effect.provide(Layer.provide(layerSqlite({ filename }), idsLive))
    )
    while (got.length < 2) yield* Effect.sleep(20)
    const [, secret = ""] = /Verify with (\S+)/.exec(said.join("")) ?? []
    const receiver = new Webhook(secret)
    expect(
      got.map(({ body, headers }) => Reflect.get(Object(receiver.verify(body, headers)), "type"))
    ).toEqual(["webhook.test", "campaign.drained"])
  })
)
