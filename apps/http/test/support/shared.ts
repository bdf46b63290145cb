import assert from "node:assert/strict"
import type { Client } from "./checked.ts"

/** Milliseconds between two looks. */
const LOOK_MS = 100

/** Waits until both of two services hold a part of the work, and nobody has to wait for any of it. */
export const untilShared = async (
  api: Client,
  headers: Readonly<Record<string, string>> = {}
): Promise<void> => {
  while (true) {
    const { body, status } = await api("GET", "/v1/cluster", { headers })
    assert.deepEqual([status, body.mode], [200, "cluster"])
    const held = body.runners.map(({ shards }: { shards: number }) => shards)
    if (body.shardsFree === 0 && held.length === 2 && !held.includes(0)) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
