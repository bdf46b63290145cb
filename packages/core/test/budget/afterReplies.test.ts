import { assert, describe, it } from "@effect/vitest"
import {
  afterReplies,
  type BudgetCount,
  defaultBudgetPolicy,
  initialLaw,
  type Law
} from "../../src/index.ts"

const NOW = 1_000_000
/** How long the reply has been there. */
const AGO_MS = 1_000
const UNFINISHED = 3

/** Nine tenths are used of a window that has half a minute to go. */
const known: Law = {
  ...initialLaw,
  allowed: 100,
  server: { used: 90, since: 2, resetsAt: NOW + 30_000 }
}

const after = (count: BudgetCount) => {
  const { allowed, server } = afterReplies(
    defaultBudgetPolicy,
    known,
    [{ agoMs: AGO_MS, heard: { count } }],
    UNFINISHED,
    NOW
  )
  return { allowed, server }
}

describe("a reply", () => {
  it("of the window before, which came late, changes nothing", () => {
    assert.deepStrictEqual(after({ used: 100, allowed: 50, resetsInMs: 0 }), {
      allowed: known.allowed,
      server: known.server
    })
  })

  it("of the window after counts anew, and all that is in flight beside it", () => {
    assert.deepStrictEqual(after({ used: 1, allowed: 50, resetsInMs: 61_000 }), {
      allowed: 50,
      server: { used: 1, since: UNFINISHED, resetsAt: NOW + 60_000 }
    })
  })

  it("with a higher count of the same window is the newest, and its end the sooner of both", () => {
    assert.deepStrictEqual(after({ used: 95, allowed: 50, resetsInMs: 32_000 }), {
      allowed: 50,
      server: { used: 95, since: UNFINISHED, resetsAt: NOW + 30_000 }
    })
  })

  it("with a lower count of the same window is older, and was in flight beside the highest", () => {
    assert.deepStrictEqual(after({ used: 89, allowed: 50, resetsInMs: 30_000 }), {
      allowed: known.allowed,
      server: { used: 90, since: 1, resetsAt: NOW + 29_000 }
    })
  })

  it("that grants nothing at all is not believed", () => {
    assert.deepStrictEqual(after({ used: 1, allowed: 0, resetsInMs: 61_000 }), {
      allowed: known.allowed,
      server: known.server
    })
  })
})
