import fc from "fast-check"
import { budgetClasses } from "../../src/index.ts"
import type { BudgetScenario, PlayedRequest } from "../../src/testing/index.ts"

const MINUTES_MS = 200_000

const request: fc.Arbitrary<PlayedRequest> = fc.record({
  atMs: fc.integer({ min: 0, max: MINUTES_MS }),
  class: fc.constantFrom(...budgetClasses),
  via: fc.nat(7),
  outMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 8_000 })),
  backMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 7_900 })),
  lost: fc.integer({ min: 0, max: 19 }).map((one) => one === 0)
})

/** Many at once, as a fleet or a script asks. */
const burst: fc.Arbitrary<ReadonlyArray<PlayedRequest>> = fc
  .tuple(request, fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 50 }))
  .map(([first, many, apartMs]) =>
    Array.from({ length: many }, (_, index) => ({
      ...first,
      lost: first.lost && index % 3 === 0,
      via: index,
      atMs: first.atMs + index * apartMs
    }))
  )

export const scenarios: fc.Arbitrary<BudgetScenario> = fc.record({
  allowed: fc.integer({ min: 5, max: 60 }),
  requests: fc
    .tuple(fc.array(request, { maxLength: 60 }), fc.array(burst, { maxLength: 4 }))
    .map(([single, bursts]) => [...single, ...bursts.flat()]),
  others: fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: MINUTES_MS }),
      requests: fc.integer({ min: 0, max: 30 })
    }),
    { maxLength: 8 }
  ),
  changes: fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: MINUTES_MS }),
      allowed: fc.integer({ min: 5, max: 60 })
    }),
    { maxLength: 3 }
  )
})
