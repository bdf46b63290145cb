import { createServer } from "node:net"
import { once } from "node:events"
import { setTimeout as delay } from "node:timers/promises"
import { assert, describe, inject, it } from "vitest"
import { randomFrom, testSeed } from "../support/random.ts"
import { Telling, until } from "../support/Telling.ts"
import { allTold } from "./allTold.ts"
import { check, toldOf } from "./accounts.ts"
import { makeChanges, planChanges } from "./changes.ts"

/** Changes of a run, and of the long one. */
const CHANGES = inject("scale") === 1 ? 300 : 1_000
const CAMPAIGNS = 25
/** Changes under way at once. */
const AT_ONCE = 6
const KILLS = 20
/** Milliseconds after the change that a kill waits for within which it strikes. */
const WITHIN_MS = 400

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}

describe("webhooks, where service and receiver are killed", () => {
  it("every change is told at least once, in its order, and nothing else", async () => {
    const seed = testSeed()
    console.log(`seed ${seed}`)
    const random = randomFrom(seed)
    await using here = await Telling.make()
    const ids = await here.campaigns("Lost", CAMPAIGNS)
    const env = { CAMPAIGNCTL_HTTP_PORT: String(await freePort()) }
    let service = await here.start(env)
    await here.untilHeard()

    let made = 0
    const changing = makeChanges(
      here,
      planChanges(ids, CHANGES, random),
      () => service.url,
      AT_ONCE,
      (count) => (made = count)
    )
    const kills = Array.from({ length: KILLS }, () => ({
      after: Math.floor(random() * CHANGES),
      within: Math.floor(random() * WITHIN_MS),
      whom: random() < 0.5 ? "service" : "receiver"
    })).toSorted((one, other) => one.after - other.after)
    for (const { after, whom, within } of kills) {
      await until(async () => (made >= after ? made : undefined))
      await delay(within)
      if (whom === "receiver") {
        await here.receiver.kill()
        await here.receiver.start()
      } else {
        assert.strictEqual(await service.end("SIGKILL"), "SIGKILL")
        service = await here.start(env)
      }
    }
    const answers = await changing

    const told = await allTold(here)
    check(told.entries, told.messages, await here.control.writes())
    assert.strictEqual((await here.verified())._tag, "Intact")
    const kinds = Map.groupBy(told.entries, ({ kind, outcome }) => outcome ?? kind)
    for (const kind of ["applied", "drift"] as const)
      assert.isAbove(kinds.get(kind)?.length ?? 0, CAMPAIGNS)
    console.log(
      `${CHANGES} changes, ${kills.filter(({ whom }) => whom === "service").length} services and ${
        kills.filter(({ whom }) => whom === "receiver").length
      } receivers killed; ${told.messages.length} messages of ${toldOf(told.entries).size} events`,
      answers,
      Object.fromEntries([...kinds].map(([kind, some]) => [kind, some.length]))
    )
  })
})
