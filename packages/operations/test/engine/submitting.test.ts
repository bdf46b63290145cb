import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { CallingWindows, defaultCallingWindow } from "@campaignctl/core"
import { GatewayWorld, memoryAgentCapacity, memoryGateway } from "@campaignctl/core/testing"
import { idsLive, layerSqlite, layerSqliteClient } from "@campaignctl/ledger-sql"
import { Effect, Layer, Stream } from "effect"
import { afterAll, expect, it } from "vitest"
import { haltServices, layerSingle, layerSubmitting, Operations } from "../../src/index.ts"
import { OPERATION, pausing } from "../support/pausing.ts"

const directory = mkdtempSync(join(tmpdir(), "campaignctl-submitting-"))
afterAll(() => rmSync(directory, { recursive: true }))

const filename = join(directory, "ledger.db")
const database = layerSqliteClient({ filename })
const world = Layer.mergeAll(
  memoryGateway,
  memoryAgentCapacity,
  CallingWindows.always(defaultCallingWindow),
  layerSqlite({ filename }).pipe(Layer.provideMerge(idsLive)),
  database
)

it("leaves what it submits to a process that carries operations on", async () => {
  const program = Effect.gen(function* () {
    const { addCampaign, writes } = yield* GatewayWorld
    yield* addCampaign({ name: "a", state: "active" })
    const submit = Effect.flatMap(Operations, ({ submit }) =>
      submit({ ...pausing({ all: true }), source: "cli" })
    )
    const submitted = yield* Effect.provide(submit, layerSubmitting)
    expect(submitted.status).toBe("pending")
    expect(yield* writes).toEqual([])
    const last = yield* Effect.flatMap(Operations, ({ watch }) =>
      Stream.runLast(watch(OPERATION))
    ).pipe(Effect.provide(layerSingle({ filename }).pipe(Layer.provide(haltServices))))
    expect(last).toMatchObject({ value: { status: "succeeded", counts: { applied: 1 } } })
    expect(yield* writes).toHaveLength(1)
  })
  await Effect.runPromise(Effect.scoped(Effect.provide(program, world)))
})
