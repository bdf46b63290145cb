import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, rm, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import openapiTS, { astToString } from "openapi-typescript"
import { assert, it } from "vitest"

const run = promisify(execFile)
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const MAIN = fileURLToPath(import.meta.resolve("@campaignctl/http/main"))
const GENERATED = file("../generated")

/** What a customer might write: pauses the first campaign that dials, and prints what came of it. */
const PROGRAM = `import createClient from "openapi-fetch"
import type { paths } from "./api.ts"

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "" })
const list = await client.GET("/v1/campaigns", { params: { query: { state: "active", limit: 1 } } })
const id: string = list.data?.campaigns[0]?.id ?? ""
const seen = await client.GET("/v1/campaigns/{id}", { params: { path: { id } } })
const changed = await client.POST("/v1/campaigns/{id}/transitions", {
  params: { path: { id }, header: { "If-Match": seen.response.headers.get("etag") ?? "", "Idempotency-Key": "first" } },
  body: { target: "paused", reason: "CUSTOMER_REQUEST" }
})
// Without a preference it is made at once; with \`respond-async\` there would be an operation to follow.
const done = changed.data !== undefined && !("kind" in changed.data) ? changed.data : undefined
const outcome: "applied" | "already-there" | "would-apply" | undefined = done?.outcome
const refused = await client.POST("/v1/campaigns/{id}/transitions", {
  params: { path: { id } },
  body: { target: "paused" }
})
const missing = await client.GET("/v1/campaigns/{id}", { params: { path: { id: "11111111-1111-4111-8111-111111111111" } } })
const code: string | undefined = missing.error?.code
const again = refused.data !== undefined && !("kind" in refused.data) ? refused.data.outcome : undefined
const gone = await client.POST("/v1/campaigns/{id}/transitions", {
  params: { path: { id }, header: { Prefer: "respond-async" } },
  body: { target: "paused", reason: "OTHER" }
})
const operation = gone.data !== undefined && "kind" in gone.data ? gone.data.kind : undefined
const added = await client.POST("/v1/webhooks", {
  params: { header: { "Idempotency-Key": "hook" } },
  body: { url: "http://127.0.0.1:9/", eventTypes: ["campaign.state.changed", "campaign.drained"] }
})
const secret: string = added.data?.secret ?? ""
const hook = added.data?.subscription.id ?? ""
const off = await client.PATCH("/v1/webhooks/{id}", { params: { path: { id: hook } }, body: { enabled: false } })
const disabled: "asked" | "gone" | "failing" | undefined = off.data?.disabled?.reason
const sent = await client.GET("/v1/webhooks/{id}/deliveries", { params: { path: { id: hook }, query: { status: "dead" } } })
const inside = await client.POST("/v1/webhooks", { body: { url: "https://10.0.0.1/" } })
console.log(JSON.stringify({
  outcome, state: done?.state, again, code, operation,
  secret: secret.slice(0, 6), disabled, dead: sent.data?.deliveries.length, inside: inside.error?.code
}))
`

/** The same with a state that there is none of: the compiler must refuse it. */
const WRONG = `import createClient from "openapi-fetch"
import type { paths } from "./api.ts"

await createClient<paths>({ baseUrl: "" }).POST("/v1/campaigns/{id}/transitions", {
  params: { path: { id: "" } },
  body: { target: "stopped" }
})
`

const typecheck = (source: string) =>
  run(
    file("../node_modules/.bin/tsc"),
    [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      "--module",
      "nodenext",
      "--target",
      "es2024",
      "--types",
      "node",
      "--skipLibCheck",
      "--allowImportingTsExtensions",
      source
    ],
    { cwd: GENERATED }
  )

it("a client generated from the description type-checks, and drives a transition", async () => {
  const service = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env["PATH"] ?? "", CAMPAIGNCTL_HTTP_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"]
  })
  try {
    let said = ""
    for await (const chunk of service.stdout) {
      said += String(chunk)
      if (said.includes("Read more:")) break
    }
    const url = /listens on (\S+)/.exec(said)?.[1] ?? ""
    await rm(GENERATED, { recursive: true, force: true })
    await mkdir(GENERATED)
    await writeFile(
      `${GENERATED}/api.ts`,
      astToString(await openapiTS(new URL(`${url}/openapi.json`)))
    )
    await writeFile(`${GENERATED}/program.ts`, PROGRAM)
    await writeFile(`${GENERATED}/wrong.ts`, WRONG)
    await typecheck("program.ts")
    const refusal = await typecheck("wrong.ts").then(
      () => "it was accepted",
      (error: { readonly stdout: string }) => error.stdout
    )
    assert.match(refusal, /"stopped"' is not assignable/)
    const { stdout } = await run(process.execPath, [`${GENERATED}/program.ts`, url])
    assert.deepStrictEqual(JSON.parse(stdout), {
      outcome: "applied",
      state: "draining",
      again: "already-there",
      code: "CAMPAIGN_NOT_FOUND",
      operation: "transition",
      secret: "whsec_",
      disabled: "asked",
      dead: 0,
      inside: "WEBHOOK_RECEIVER_REFUSED"
    })
  } finally {
    const ended = once(service, "exit")
    service.kill("SIGTERM")
    assert.deepStrictEqual((await ended)[0], 0)
  }
})
