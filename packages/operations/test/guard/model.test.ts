import { expect, it } from "@effect/vitest"
import fc from "fast-check"
import { inject } from "vitest"
import { history } from "./history.ts"
import { relive } from "./relive.ts"
import { check } from "./rules.ts"

const HISTORIES = 500 * inject("scale")
const SEED = Number(process.env["CAMPAIGNCTL_TEST_SEED"] ?? Date.now() % 2 ** 31)

it(`keeps its promises over ${HISTORIES} histories of agents, hours, people, Edges, faults and crashes`, async () => {
  let writes = 0
  await fc.assert(
    fc.asyncProperty(history, async (told) => {
      const { absences, entries, from, verification, world } = await relive(told)
      check(world, told, absences, entries, from, absences.ended)
      if (verification._tag === "Broken") throw new Error(verification.why)
      writes += world.writes.length
    }),
    { numRuns: HISTORIES, seed: SEED, endOnFailure: false }
  )
  console.info(`guard: ${HISTORIES} histories, ${writes} changes by the guard, seed ${SEED}`)
  expect(writes).toBeGreaterThan(HISTORIES)
})
