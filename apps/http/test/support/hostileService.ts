import assert from "node:assert/strict"
import { openApiOf, routes, serve } from "../../src/index.ts"
import { client, Description } from "./checked.ts"
import { engineServices } from "./engineServices.ts"
import { memoryApp } from "./memoryApp.ts"

export type HostileService = Awaited<ReturnType<typeof hostileService>>

/** A service in this process, in memory, with an engine: what it was asked to do wrongly leaves no trace in it. */
export const hostileService = async () => {
  const memory = await memoryApp("", engineServices)
  const served = await serve(memory, { host: "127.0.0.1", port: 0 })
  const description = new Description(JSON.parse(JSON.stringify(openApiOf(routes, ""))))
  const api = client((path, init) => memory.app.request(path, init), description)
  return {
    api,
    /** The same over a socket, where a body is read as it arrives. */
    overSocket: client((path, init) => fetch(`${served.url}${path}`, init), description),
    app: memory.app,
    campaign: memory.campaign,
    url: served.url,
    /** Fails where anything was written anywhere, or where it does not answer any more. */
    unharmed: async (): Promise<void> => {
      assert.deepEqual(await memory.writes(), [])
      assert.deepEqual(
        (await memory.entries()).filter(({ kind }) => kind === "intent"),
        []
      )
      for (const [path, member] of [
        ["/v1/operations", "operations"],
        ["/v1/halt", "holds"],
        ["/v1/halt?lifted=true", "holds"],
        ["/v1/schedules", "schedules"],
        ["/v1/webhooks", "subscriptions"]
      ] as const)
        assert.deepEqual((await api("GET", path)).body[member], [], path)
      assert.equal((await memory.app.request("/healthz")).status, 200)
    },
    close: async (): Promise<void> => {
      await served.close(0)
      await memory.close()
    }
  }
}
