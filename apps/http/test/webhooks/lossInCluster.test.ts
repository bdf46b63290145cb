import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { assert, describe, inject, it } from "vitest"
import { randomFrom, testSeed } from "../support/random.ts"
import type { Service } from "../support/service.ts"
import { Telling, until } from "../support/Telling.ts"
import { check, toldOf } from "./accounts.ts"
import { allTold } from "./allTold.ts"
import { makeChanges, planChanges } from "./changes.ts"

/** Changes of a run, and of the long one. */
const CHANGES = inject("scale") === 1 ? 120 : 1_000
const CAMPAIGNS = 20
/** Changes under way at once. */
const AT_ONCE = 6
const MEMBERS = 3

describe("webhooks of three services on one PostgreSQL database", () => {
  it("each is killed once, whoever of them delivers; every change is told, and nothing else", async () => {
    const seed = testSeed()
    console.log(`seed ${seed}`)
    const random = randomFrom(seed)
    await using here = await Telling.make(await freshDatabase())
    const ids = await here.campaigns("Shared", CAMPAIGNS)
    const services: Array<Service> = await Promise.all(
      Array.from({ length: MEMBERS }, () => here.start())
    )
    await here.untilHeard()

    let made = 0
    let asked = 0
    const changing = makeChanges(
      here,
      planChanges(ids, CHANGES, random),
      // By turns, whether it is there or not.
      () => services[asked++ % MEMBERS]?.url ?? "",
      AT_ONCE,
      (count) => (made = count)
    )
    for (let member = 0; member < MEMBERS; member++) {
      const after = Math.floor(((member + random()) / MEMBERS) * CHANGES)
      await until(async () => (made >= after ? made : undefined))
      assert.strictEqual(await services[member]?.end("SIGKILL"), "SIGKILL")
      services[member] = await here.start()
    }
    const answers = await changing

    const told = await allTold(here)
    check(told.entries, told.messages, await here.control.writes())
    assert.strictEqual((await here.verified())._tag, "Intact")
    console.log(
      `${CHANGES} changes; ${told.messages.length} messages of ${toldOf(told.entries).size} events`,
      answers
    )
  })
})
