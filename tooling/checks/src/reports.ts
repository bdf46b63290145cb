/** What one package's test run came to. */
export interface TestCount {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** A package that has a `test` script, with the text of its report: undefined when it wrote none. */
export interface PackageReport {
  readonly folder: string
  readonly report: string | undefined
}

export interface Summary {
  readonly lines: ReadonlyArray<string>
  readonly succeeded: boolean
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const listIn = (value: unknown, key: string): ReadonlyArray<unknown> => {
  const list = isRecord(value) ? value[key] : undefined
  if (!Array.isArray(list)) throw new Error(`the test report has no list "${key}"`)
  return list
}

const statusOf = (value: unknown): unknown => (isRecord(value) ? value["status"] : undefined)

/**
 * Counts a Vitest JSON report.
 *
 * A test file that failed without a failed test in it (it did not load, or a hook of it threw)
 * counts as one failure: Vitest's own totals do not mention it.
 */
export const countReport = (text: string): TestCount => {
  const files = listIn(JSON.parse(text), "testResults")
  const counts = files.map((file) => {
    const statuses = listIn(file, "assertionResults").map(statusOf)
    const failed = statuses.filter((status) => status === "failed").length
    const passed = statuses.filter((status) => status === "passed").length
    const brokenFile = statusOf(file) === "failed" && failed === 0 ? 1 : 0
    return { passed, failed: failed + brokenFile, skipped: statuses.length - passed - failed }
  })
  return {
    passed: sum(counts.map(({ passed }) => passed)),
    failed: sum(counts.map(({ failed }) => failed)),
    skipped: sum(counts.map(({ skipped }) => skipped))
  }
}

interface PackageCount extends TestCount {
  readonly note: string
}

const NOTHING: TestCount = { passed: 0, failed: 1, skipped: 0 }

/** A package that did not get as far as its tests, or has none, counts as a failure, not as nothing. */
const countPackage = (report: string | undefined): PackageCount => {
  if (report === undefined) return { ...NOTHING, note: " (its tests did not run)" }
  const count = countReport(report)
  return count.passed + count.failed === 0
    ? { ...NOTHING, skipped: count.skipped, note: " (it has no test that runs)" }
    : { ...count, note: "" }
}

/** Adds the packages' reports up. The last line is the total, alone. */
export const summarise = (reports: ReadonlyArray<PackageReport>): Summary => {
  const counts = reports.map(({ folder, report }) => ({ folder, ...countPackage(report) }))
  const passed = sum(counts.map((count) => count.passed))
  const failed = sum(counts.map((count) => count.failed))
  const width = Math.max(0, ...counts.map(({ folder }) => folder.length))
  return {
    lines: [
      ...counts.map(
        (count) =>
          `${count.folder.padEnd(width)}  ${count.passed} passed, ${count.failed} failed` +
          (count.skipped > 0 ? `, ${count.skipped} skipped` : "") +
          count.note
      ),
      `${passed} passed, ${failed} failed`
    ],
    succeeded: failed === 0 && passed > 0
  }
}

const sum = (numbers: ReadonlyArray<number>): number =>
  numbers.reduce((total, each) => total + each, 0)
