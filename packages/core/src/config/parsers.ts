import { Result } from "effect"
import { dayNumber } from "../window/localDate.ts"
import { fault, type Fault, type Parser } from "./Parsed.ts"

/** One of a few words. */
export const oneOf =
  <const A extends string>(words: ReadonlyArray<A>): Parser<A> =>
  (text) => {
    const word = words.find((candidate) => candidate === text.toLowerCase())
    return word === undefined ? fault(words.join(" or "), text) : Result.succeed(word)
  }

/** A whole number within bounds, both included. */
export const wholeNumber =
  (least: number, most: number): Parser<number> =>
  (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most
      ? Result.succeed(value)
      : fault(`a whole number from ${least} to ${most}`, text)
  }

/** Text on one line, no longer than `most` characters. */
export const line =
  (most: number): Parser<string> =>
  (text) =>
    text.length <= most && !/\p{Cc}/u.test(text)
      ? Result.succeed(text)
      : fault(`one line of at most ${most} characters`, text)

/** Text without blanks; it may be a secret pasted into the wrong place, so it is never shown. */
export const token: Parser<string> = (text) =>
  /^\S+$/.test(text) ? Result.succeed(text) : fault("text without blanks", "text with blanks")

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** An id as Genesys makes them. */
export const uuid: Parser<string> = (text) => {
  const id = text.toLowerCase()
  return UUID.test(id) ? Result.succeed(id) : fault("an id (UUID)", text)
}

/** Dates of the calendar, separated by commas. */
export const dates: Parser<ReadonlyArray<string>> = (text) => {
  const all = text
    .split(",")
    .map((date) => date.trim())
    .filter((date) => date !== "")
  const faults = all
    .filter((date) => dayNumber(date) === undefined)
    .map((date): Fault => ({ expected: "dates of the calendar, YYYY-MM-DD", found: date }))
  return faults.length > 0 ? Result.fail(faults) : Result.succeed(all)
}
