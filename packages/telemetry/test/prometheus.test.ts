import { assert, it } from "@effect/vitest"
import fc from "fast-check"
import { makePrometheus } from "../src/metrics/prometheus.ts"

const target = fc.constantFrom("active", "paused")
const outcome = fc.constantFrom("Applied", "active", "paused")
const seconds = fc.constantFrom(0.001, 0.5, 7)

/** The value of one series, 0 where there is none. */
const valueOf = (text: string, series: string): number =>
  Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`${series} `))
      ?.split(" ")
      .at(-1) ?? 0
  )

it("counts under every set of labels by itself, and mixes no two registries", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ target, outcome })), (ended) => {
      const [prometheus, other] = [makePrometheus(), makePrometheus()]
      for (const labels of ended) prometheus.sink("transitions", 1, labels)
      const text = prometheus.text()
      for (const to of ["active", "paused"])
        for (const end of ["Applied", "active", "paused"])
          assert.strictEqual(
            valueOf(text, `campaignctl_transitions_total{target="${to}",outcome="${end}"}`),
            ended.filter((labels) => labels.target === to && labels.outcome === end).length
          )
      assert.strictEqual(other.text().trim(), "")
    })
  )
})

it("tells a gauge's last value, and a histogram's count and sum", () => {
  fc.assert(
    fc.property(fc.array(seconds, { minLength: 1 }), (values) => {
      const { sink, text } = makePrometheus()
      for (const value of values) {
        sink("budgetUsed", value, {})
        sink("guardCycles", value, { result: "Looked" })
      }
      const told = text()
      assert.strictEqual(valueOf(told, "campaignctl_budget_used"), values.at(-1))
      const name = "campaignctl_guard_cycle_duration_seconds"
      assert.strictEqual(valueOf(told, `${name}_count{result="Looked"}`), values.length)
      const sum = values.reduce((above, value) => above + value, 0)
      assert.closeTo(valueOf(told, `${name}_sum{result="Looked"}`), sum, 1e-6)
    })
  )
})
