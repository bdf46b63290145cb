import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { countReport, summarise } from "../src/reports.ts"

const reportOf = (...files: ReadonlyArray<ReadonlyArray<string>>): string =>
  JSON.stringify({
    testResults: files.map((statuses) => ({
      status: statuses.includes("failed") ? "failed" : "passed",
      assertionResults: statuses.map((status) => ({ status }))
    }))
  })

describe("countReport", () => {
  it("counts every test of every file once", () => {
    const status = fc.constantFrom("passed", "failed", "skipped")
    fc.assert(
      fc.property(fc.array(fc.array(status)), (files) => {
        const { passed, failed, skipped } = countReport(reportOf(...files))
        const all = files.flat()
        expect(passed).toBe(all.filter((each) => each === "passed").length)
        expect(failed).toBe(all.filter((each) => each === "failed").length)
        expect(skipped).toBe(all.filter((each) => each === "skipped").length)
      })
    )
  })

  it("counts a file that did not load as a failure", () => {
    const report = JSON.stringify({ testResults: [{ status: "failed", assertionResults: [] }] })
    expect(countReport(report)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it("refuses a report of another shape", () => {
    expect(() => countReport("{}")).toThrow(`no list "testResults"`)
  })
})

describe("summarise", () => {
  it("ends with the total, alone on its line", () => {
    const { lines, succeeded } = summarise([
      { folder: "packages/a", report: reportOf(["passed", "passed"], ["passed"]) },
      { folder: "packages/bb", report: reportOf(["passed", "skipped"]) }
    ])
    expect(lines).toEqual([
      "packages/a   3 passed, 0 failed",
      "packages/bb  1 passed, 0 failed, 1 skipped",
      "4 passed, 0 failed"
    ])
    expect(succeeded).toBe(true)
  })

  it("fails when a test failed", () => {
    expect(summarise([{ folder: "a", report: reportOf(["passed", "failed"]) }])).toMatchObject({
      lines: ["a  1 passed, 1 failed", "1 passed, 1 failed"],
      succeeded: false
    })
  })

  it("fails when a package wrote no report", () => {
    const ran = { folder: "a", report: reportOf(["passed"]) }
    expect(summarise([ran, { folder: "b", report: undefined }])).toMatchObject({
      lines: [
        "a  1 passed, 0 failed",
        "b  0 passed, 1 failed (its tests did not run)",
        "1 passed, 1 failed"
      ],
      succeeded: false
    })
  })

  it("fails when a package has no test that runs", () => {
    const ran = { folder: "a", report: reportOf(["passed"]) }
    expect(summarise([ran, { folder: "b", report: reportOf(["skipped"]) }])).toMatchObject({
      lines: [
        "a  1 passed, 0 failed",
        "b  0 passed, 1 failed, 1 skipped (it has no test that runs)",
        "1 passed, 1 failed"
      ],
      succeeded: false
    })
  })

  it("fails when there was no test at all", () => {
    expect(summarise([])).toEqual({ lines: ["0 passed, 0 failed"], succeeded: false })
  })
})
