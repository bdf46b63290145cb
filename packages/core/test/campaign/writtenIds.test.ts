import { describe, expect, it } from "@effect/vitest"
import { withWrittenIds, writtenId } from "../../src/index.ts"

const ID = "a31da6c2-622d-4a22-a11f-4fd9ef744c06"

describe("ids as Genesys writes them", () => {
  it("are in small letters, and what is no id stays as it is", () => {
    expect([ID.toUpperCase(), ID, "North", `${ID.toUpperCase()}x`].map(writtenId)).toEqual([
      ID,
      ID,
      "North",
      `${ID.toUpperCase()}x`
    ])
  })

  it("are so in every list of a scope, and nothing else of it changes", () => {
    const capitals = [ID.toUpperCase()]
    const scope = { ids: capitals, divisionIds: capitals, queueIds: [], namePattern: "SALES *" }
    expect(withWrittenIds(scope)).toEqual({ ...scope, ids: [ID], divisionIds: [ID] })
    expect(withWrittenIds({ campaignIds: capitals })).toEqual({ campaignIds: [ID] })
    expect(withWrittenIds({})).toEqual({})
  })
})
