import { type Problem, RequestInvalid } from "@campaignctl/core"
import { Effect } from "effect"
import { onOneLine } from "../render/onOneLine.ts"
import { shortened } from "../render/textWidth.ts"
import { nearest } from "./nearest.ts"

/** Columns of a wrong value that an error repeats. */
const SHOWN_COLUMNS = 60

/** Digits alone, few enough for every whole number of them to be told from the next. */
const WHOLE = /^\d{1,15}$/

const quoted = (text: string): string => `“${shortened(onOneLine(text), SHOWN_COLUMNS)}”`

/** Gathers everything that is wrong with a command line, so that it is said at once. */
export class Problems {
  readonly #found: Array<Problem> = []

  add(key: string, expected: string, found: string): undefined {
    this.#found.push({ key, expected, found })
    return undefined
  }

  /** The given word where it is one of the allowed ones; a near one is suggested where it is not. */
  choice<A extends string>(
    key: string,
    allowed: ReadonlyArray<A>,
    given: string | undefined
  ): A | undefined {
    const expected = `one of ${allowed.join(", ")}`
    if (given === undefined) return this.add(key, expected, "nothing")
    const exact = allowed.find((word) => word === given)
    if (exact !== undefined) return exact
    const meant = nearest(given, allowed)
    return this.add(
      key,
      expected,
      `${quoted(given)}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`
    )
  }

  /** The value that `read` makes of the text; a problem where it makes none. */
  parsed<A>(
    key: string,
    expected: string,
    given: string,
    read: (text: string) => A | undefined
  ): A | undefined {
    return read(given) ?? this.add(key, expected, quoted(given))
  }

  /** A whole number within its bounds. */
  whole(
    key: string,
    given: string,
    { least, most }: { readonly least: number; readonly most: number }
  ): number | undefined {
    return this.parsed(key, `a whole number from ${least} to ${most}`, given, (text) => {
      const found = WHOLE.test(text) ? Number(text) : Number.NaN
      return found >= least && found <= most ? found : undefined
    })
  }

  get any(): boolean {
    return this.#found.length > 0
  }

  /** Fails with everything that was found, if anything was. */
  get check(): Effect.Effect<void, RequestInvalid> {
    return Effect.suspend(() =>
      this.any ? Effect.fail(new RequestInvalid({ problems: [...this.#found] })) : Effect.void
    )
  }
}

/** Fails with one problem of the command line. */
export const refuse = (
  key: string,
  expected: string,
  found: string
): Effect.Effect<never, RequestInvalid> =>
  Effect.fail(new RequestInvalid({ problems: [{ key, expected, found }] }))
