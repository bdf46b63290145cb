import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type CampaignState,
  type Disposition,
  isDialling,
  isKnownStatus,
  LockToken,
  PauseReason,
  stateOf,
  TargetState
} from "../../src/index.ts"

/** Every status of both contracts, and what it means alone. */
const SEEN: ReadonlyArray<readonly [status: string, state: CampaignState]> = [
  ["on", "active"],
  ["stopping", "draining"],
  ["forced_stopping", "draining"],
  ["off", "paused"],
  ["forced_off", "paused"],
  ["complete", "completed"],
  ["invalid", "invalid"],
  ["active", "active"],
  ["paused", "paused"],
  ["completed", "completed"],
  ["archived", "archived"]
]

const dispositions: fc.Arbitrary<Disposition> = fc.record(
  {
    target: fc.constantFrom(...TargetState.literals),
    pauseReason: fc.constantFrom(...PauseReason.literals),
    lock: fc.string().map((text) => LockToken.make(text)),
    sequence: fc.nat()
  },
  { requiredKeys: ["target", "sequence"] }
)
const strange = fc
  .oneof(fc.string(), fc.constantFrom("ON", "On ", "__proto__", "constructor", "toString", ""))
  .filter((status) => SEEN.every(([known]) => known !== status))

describe("stateOf", () => {
  it.each(SEEN)("takes %s alone for %s", (status, state) => {
    expect(stateOf(status, undefined)).toBe(state)
    expect(isKnownStatus(status)).toBe(true)
  })

  it("takes what Genesys shows to dial for dialling, whatever the ledger remembers", () => {
    const dialling = SEEN.filter(([, state]) => isDialling(state))
    fc.assert(
      fc.property(fc.constantFrom(...dialling), dispositions, ([status, state], disposition) => {
        expect(stateOf(status, disposition)).toBe(state)
      })
    )
    expect(dialling).toHaveLength(4)
  })

  it("never takes a campaign that is not seen to dial for one that does", () => {
    const still = SEEN.filter(([, state]) => !isDialling(state))
    fc.assert(
      fc.property(fc.constantFrom(...still), dispositions, ([status], disposition) => {
        expect(isDialling(stateOf(status, disposition))).toBe(false)
      })
    )
  })

  it("takes any status that it does not know for invalid, and no memory hides it", () => {
    fc.assert(
      fc.property(strange, fc.option(dispositions, { nil: undefined }), (status, disposition) => {
        expect(isKnownStatus(status)).toBe(false)
        expect(stateOf(status, disposition)).toBe("invalid")
      })
    )
  })

  it("keeps archived while the campaign does not dial, whatever was edited elsewhere since", () => {
    const still = ["off", "forced_off", "complete", "invalid"]
    fc.assert(
      fc.property(fc.constantFrom(...still), dispositions, (status, disposition) => {
        expect(stateOf(status, { ...disposition, target: "archived" })).toBe("archived")
      })
    )
  })

  it("does not depend on the lock, the reason or the sequence of what is remembered", () => {
    const statuses = fc.constantFrom(...SEEN.map(([status]) => status))
    fc.assert(
      fc.property(statuses, dispositions, (status, disposition) => {
        const { target } = disposition
        expect(stateOf(status, disposition)).toBe(stateOf(status, { target, sequence: 1 }))
      })
    )
  })

  it("keeps a decision to complete on what is paused, and makes nothing else of any other memory", () => {
    expect(stateOf("off", { target: "completed", sequence: 1 })).toBe("completed")
    for (const target of ["active", "paused"] as const)
      for (const [status, state] of SEEN)
        expect(stateOf(status, { target, sequence: 1 })).toBe(state)
  })
})
