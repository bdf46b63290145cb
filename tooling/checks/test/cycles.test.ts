import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { findCycles } from "../src/cycles.ts"

const names = ["a", "b", "c", "d", "e", "f"]

const edges = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), {
  maxLength: 15
})

const graphOf = (
  pairs: ReadonlyArray<readonly [string, string]>
): ReadonlyMap<string, ReadonlySet<string>> => {
  const graph = new Map<string, Set<string>>()
  for (const [from, to] of pairs) graph.set(from, (graph.get(from) ?? new Set()).add(to))
  return graph
}

describe("findCycles", () => {
  it("finds nothing where every edge goes forward", () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        expect(findCycles(graphOf(pairs.filter(([from, to]) => from < to)))).toEqual([])
      })
    )
  })

  it("finds one exactly when dropping what nobody imports, again and again, leaves something", () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        let left = pairs
        for (const _ of names) left = left.filter(([, to]) => left.some(([from]) => from === to))
        expect(findCycles(graphOf(pairs)).length > 0).toBe(left.length > 0)
      })
    )
  })

  it("answers walks that exist", () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        const graph = graphOf(pairs)
        for (const cycle of findCycles(graph)) {
          cycle.forEach((file, index) => {
            expect(graph.get(file)?.has(cycle[(index + 1) % cycle.length] ?? "")).toBe(true)
          })
        }
      })
    )
  })
})
