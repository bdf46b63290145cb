import { Result } from "effect"
import { dayNumber } from "../window/localDate.ts"
import { json } from "./json.ts"
import { fault, type Parser } from "./Parsed.ts"

const EXPECTED = 'lists of dates by name as JSON, such as {"germany":["2026-12-25"]}'

/** Begins as a date does: such a name could not be told from a date. */
const DATE_LIKE = /^\d{4}-/

/** Lists of local dates by the names under which schedules refer to them, as JSON. */
export const holidayListsJson: Parser<Readonly<Record<string, ReadonlyArray<string>>>> = (text) =>
  Result.flatMap(json(text), (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return fault(EXPECTED, text)
    const faults = Object.entries(value).flatMap(([name, dates]: readonly [string, unknown]) => {
      if (name === "" || DATE_LIKE.test(name))
        return [{ expected: "a name for each list that is no date", found: `“${name}”` }]
      if (!Array.isArray(dates))
        return [{ expected: `a list of dates at ${name}`, found: typeof dates }]
      return dates.flatMap((date: unknown) =>
        typeof date === "string" && dayNumber(date) !== undefined
          ? []
          : [{ expected: `dates of the calendar, YYYY-MM-DD, at ${name}`, found: String(date) }]
      )
    })
    // Each member was seen to be a list of dates.
    return faults.length > 0
      ? Result.fail(faults)
      : Result.succeed(value as Record<string, Array<string>>)
  })
