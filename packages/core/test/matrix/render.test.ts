import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  CampaignState,
  defaultMatrix,
  type MatrixRule,
  renderMatrix,
  renderStateDiagram,
  TargetState
} from "../../src/index.ts"
import { matrices } from "../decision/arbitraries.ts"

const RULE_OF_CELL: Readonly<Record<string, MatrixRule>> = {
  yes: "allowed",
  "with restart": "with-restart",
  "–": "refused"
}

const cells = (line: string): ReadonlyArray<string> =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

describe("renderMatrix", () => {
  it("shows the default matrix as documented", () => {
    expect(renderMatrix(defaultMatrix)).toBe(
      `
| from \\ to | active | paused | completed | archived |
| --- | --- | --- | --- | --- |
| active | already there | yes | yes | yes |
| draining | yes | yes | yes | yes |
| paused | yes | already there | yes | yes |
| completed | with restart | – | already there | yes |
| archived | – | – | – | already there |
| invalid | – | yes | – | yes |
`.trim()
    )
  })

  it("can be read back, whatever the matrix", () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const [header = "", , ...rows] = renderMatrix(matrix).split("\n")
        expect(cells(header).slice(1)).toEqual(TargetState.literals)
        expect(rows.map((row) => cells(row)[0])).toEqual(CampaignState.literals)
        CampaignState.literals.forEach((state, index) => {
          const rules = cells(rows[index] ?? "").slice(1)
          expect(
            rules.map((cell) => (cell === "already there" ? "itself" : RULE_OF_CELL[cell]))
          ).toEqual(TargetState.literals.map((to) => (to === state ? "itself" : matrix[state][to])))
        })
      })
    )
  })
})

describe("renderStateDiagram", () => {
  it("has an arrow for every change that is not refused, and no other", () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const lines = renderStateDiagram(matrix).split("\n")
        const arrows = lines.filter((line) => line.includes("-->")).map((line) => line.trim())
        const expected = CampaignState.literals.flatMap((from) =>
          TargetState.literals
            .filter((to) => to !== from && matrix[from][to] !== "refused")
            .map((to) =>
              matrix[from][to] === "allowed"
                ? `${from} --> ${to}`
                : `${from} --> ${to}: with restart`
            )
        )
        expect(lines[0]).toBe("stateDiagram-v2")
        expect(arrows).toEqual(expected)
      })
    )
    expect(renderStateDiagram(defaultMatrix).split("\n")).toContain(
      "  completed --> active: with restart"
    )
  })
})
