import { Result } from "effect"
import type { Problem } from "../errors/errors.ts"

/** What is wrong with one value: the reader adds its name, and cuts what is shown of it. */
export type Fault = Pick<Problem, "expected" | "found">

/** A value, or everything that is wrong with it. */
export type Parsed<A> = Result.Result<A, ReadonlyArray<Fault>>

/** Reads one value from its text, which is trimmed and not empty. */
export type Parser<A> = (text: string) => Parsed<A>

/** A single fault, which shows the text unless something better is to be said of it. */
export const fault = (expected: string, found: string): Parsed<never> =>
  Result.fail([{ expected, found }])
