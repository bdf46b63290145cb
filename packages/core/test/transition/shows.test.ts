import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { isKnownStatus, shows, TargetState } from "../../src/index.ts"

const target = fc.constantFrom(...TargetState.literals)
const platform = { showsDispositions: false }

describe("shows", () => {
  it("takes no status that is not known for a change that was made", () => {
    fc.assert(
      fc.property(
        fc.string().filter((status) => !isKnownStatus(status)),
        target,
        fc.boolean(),
        (status, asked, showsDispositions) => {
          assert.isFalse(shows({ showsDispositions }, { status }, asked))
        }
      )
    )
  })

  it("takes a campaign that dials for a start, and for nothing else", () => {
    for (const asked of TargetState.literals)
      assert.strictEqual(shows(platform, { status: "on" }, asked), asked === "active")
  })

  it("asks for the words themselves where the API has them", () => {
    assert.isTrue(shows(platform, { status: "off" }, "archived"))
    assert.isFalse(shows({ showsDispositions: true }, { status: "off" }, "archived"))
    assert.isTrue(shows({ showsDispositions: true }, { status: "archived" }, "archived"))
  })

  it("asks for the archive division where campaigns are moved there", () => {
    const moving = { ...platform, archiveDivision: "attic" }
    assert.isFalse(shows(moving, { status: "off", division: { id: "home" } }, "archived"))
    assert.isTrue(shows(moving, { status: "off", division: { id: "attic" } }, "archived"))
    assert.isTrue(shows(moving, { status: "off", division: { id: "home" } }, "completed"))
  })
})
