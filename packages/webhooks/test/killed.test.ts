import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { AuditLog } from "@campaignctl/core"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { expect, it } from "@effect/vitest"
import { Effect, Fiber, Random, Result, Schema, Stream } from "effect"
import { layerWebhooks, parseAllowList, WebhookEvent, Webhooks } from "../src/index.ts"
import { httpServer } from "./support/sockets.ts"
import { append, applied, subscribe } from "./support/steps.ts"
import { storageAt } from "./support/storage.ts"

const PROGRAM = fileURLToPath(new URL("programs/deliverer.ts", import.meta.url))
const CAMPAIGNS = 5
const CHANGES = 250
const KILLS = 6
/** Milliseconds for which a deliverer lives at most; it takes some hundreds to begin. */
const LIFE_MS = 1_500

const allow = Result.getOrThrow(parseAllowList("127.0.0.1"))
const decodeEvent = Schema.decodeUnknownSync(Schema.fromJsonString(WebhookEvent))

const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "campaignctl-webhooks-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const places = [
  ["SQLite", Effect.map(directory, (path) => join(path, "ledger.db"))],
  ["PostgreSQL", Effect.promise(freshDatabase)]
] as const

it.live.each(places)(
  "loses nothing, invents nothing and keeps each campaign's order on %s, though it is killed again and again",
  ([, placeOf]) =>
    Effect.gen(function* () {
      const place = yield* placeOf
      const got: Array<{ readonly id: string; readonly event: WebhookEvent }> = []
      const { port } = yield* httpServer((request, answer) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          got.push({
            id: String(request.headers["webhook-id"]),
            event: decodeEvent(Buffer.concat(chunks).toString())
          })
          answer.writeHead(204).end()
        })
      })
      const alive = new Set<ChildProcess>()
      yield* Effect.addFinalizer(() =>
        Effect.sync(() => {
          for (const child of alive) child.kill("SIGKILL")
        })
      )
      const begin = Effect.sync(() => {
        const child = spawn(process.execPath, [PROGRAM, place], {
          stdio: ["ignore", "inherit", "inherit"]
        })
        alive.add(child)
        return child
      })
      const endOf = (child: ChildProcess) =>
        Effect.callback<void>((resume) => {
          child.once("exit", () => {
            alive.delete(child)
            resume(Effect.void)
          })
          child.kill("SIGKILL")
        })

      yield* Effect.gen(function* () {
        const webhooks = yield* Webhooks
        yield* subscribe(`http://127.0.0.1:${port}/`)
        const changing = yield* Effect.forkChild(
          Effect.gen(function* () {
            for (let n = 0; n < CHANGES; n += 1) {
              yield* append(applied(1 + (n % CAMPAIGNS)))
              yield* Effect.sleep(yield* Random.nextIntBetween(0, 20))
            }
          })
        )
        for (let kill = 0; kill < KILLS; kill += 1) {
          const child = yield* begin
          yield* Effect.sleep(yield* Random.nextIntBetween(300, LIFE_MS))
          yield* endOf(child)
        }
        const last = yield* begin
        yield* Fiber.join(changing)
        for (;;) {
          const all = yield* webhooks.deliveries({ limit: 10_000 })
          if (all.length === CHANGES && all.every(({ auditSequence }) => auditSequence !== null))
            break
          yield* Effect.sleep(50)
        }
        yield* endOf(last)
        const recorded = yield* Stream.runCollect((yield* AuditLog).query({}))
        const changes = recorded.filter(({ kind }) => kind === "outcome")
        const ends = recorded.filter(({ kind }) => kind === "delivery")
        expect(changes).toHaveLength(CHANGES)
        expect(new Set(got.map(({ id }) => id))).toEqual(
          new Set(changes.map(({ id }) => `${id}:campaign.state.changed`))
        )
        expect(ends.map(({ delivery }) => delivery?.eventId ?? "").toSorted()).toEqual(
          [...new Set(got.map(({ id }) => id))].toSorted()
        )
        for (const [, ofCampaign] of Map.groupBy(got, ({ event }) => event.subject)) {
          const sequences = ofCampaign.map(({ event }) => event.sequence)
          expect(sequences).toEqual(sequences.toSorted())
        }
      }).pipe(Effect.provide(layerWebhooks({ allow })), Effect.provide(storageAt(place)))
    })
)
