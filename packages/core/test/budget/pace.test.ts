import { assert, it } from "@effect/vitest"
import { defaultBudgetPolicy, initialLaw } from "../../src/index.ts"
import { openingFor } from "../../src/budget/Law.ts"

const NOW = 1_000_000
const nothingHeld = { active: 0, unfinished: 0, freedAt: () => NOW }

it("a slower pace of before does not hold up the faster one that is granted now", () => {
  const law = { ...initialLaw, allowed: 300, pacedTo: NOW + 60_000 }
  const { pacedAt, reason } = openingFor(defaultBudgetPolicy, law, nothingHeld, 0, "fleet", NOW)
  assert.strictEqual(reason, "pace")
  // Fifteen of the 300 are kept for halts.
  assert.strictEqual(Math.round(pacedAt - NOW), Math.round(60_000 / 285))
})
