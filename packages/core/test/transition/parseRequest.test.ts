import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import fc from "fast-check"
import {
  OverridableGuard,
  parseRequest,
  PauseReason,
  type RawRequest,
  TargetState
} from "../../src/index.ts"

const note = fc.string({ minLength: 1, maxLength: 100 }).filter((text) => /\S/.test(text))
const good = fc.record(
  {
    campaignId: fc.uuid(),
    target: fc.constantFrom(...TargetState.literals),
    pauseReason: fc.constantFrom(...PauseReason.literals),
    note,
    drain: fc.boolean(),
    restart: fc.boolean(),
    overrides: fc.array(fc.record({ guard: fc.constantFrom(...OverridableGuard.literals), note }))
  },
  { requiredKeys: ["campaignId", "target"] }
)

/** What each part must not be. */
const BAD: ReadonlyArray<readonly [keyof RawRequest, unknown]> = [
  ["campaignId", "42"],
  ["campaignId", "../../etc/passwd"],
  ["campaignId", undefined],
  ["target", "on"],
  ["target", "ACTIVE"],
  ["target", null],
  ["pauseReason", "LUNCH"],
  ["note", " \n"],
  ["note", "x".repeat(2_001)],
  ["drain", "yes"],
  ["restart", 1],
  ["overrides", [{ guard: "matrix", note: "please" }]],
  ["overrides", [{ guard: "pauseReason", note: "please" }]],
  ["overrides", [{ guard: "capacity" }]],
  ["overrides", [{ guard: "capacity", note: " " }]],
  ["overrides", { guard: "capacity", note: "one" }]
]

describe("parseRequest", () => {
  it("takes every well-formed request as it is, ids in any case", () => {
    fc.assert(
      fc.property(good, (request) => {
        const parsed = parseRequest({ ...request, campaignId: request.campaignId.toUpperCase() })
        assert.deepStrictEqual(Result.getOrThrow(parsed) as unknown, request)
      })
    )
  })

  it("names everything that is wrong at once, and nothing else", () => {
    fc.assert(
      fc.property(good, fc.subarray([...BAD], { minLength: 1 }), (request, wrong) => {
        const parsed = parseRequest({ ...request, ...Object.fromEntries(wrong) })
        assert.isTrue(Result.isFailure(parsed))
        if (Result.isSuccess(parsed)) return
        assert.deepStrictEqual(
          new Set(parsed.failure.problems.map(({ key }) => key)),
          new Set<string>(wrong.map(([key]) => key))
        )
      })
    )
  })

  it("never throws, whatever it is given, and repeats no more of it than fits a line", () => {
    fc.assert(
      fc.property(
        fc.record({
          campaignId: fc.anything(),
          target: fc.anything(),
          note: fc.anything(),
          overrides: fc.anything()
        }),
        (raw) => {
          const parsed = parseRequest(raw)
          if (Result.isSuccess(parsed)) return
          for (const { found } of parsed.failure.problems) {
            assert.isAtMost(found.length, 62)
            assert.notMatch(found, /\p{Cc}/u)
          }
        }
      )
    )
  })
})
