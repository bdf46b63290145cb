import { Effect, Layer } from "effect"
import { Ids } from "../ports/Ids.ts"

/** Hexadecimal digits in the last group of a UUID. */
const LAST_GROUP_DIGITS = 12

/** Ids that count from 1, in the form of a UUID v7, so that a run repeats exactly. */
export const sequentialIds: Layer.Layer<Ids> = Layer.effect(
  Ids,
  Effect.sync(() => {
    let made = 0
    return {
      next: Effect.sync(() => {
        made += 1
        return `00000000-0000-7000-8000-${made.toString(16).padStart(LAST_GROUP_DIGITS, "0")}`
      })
    }
  })
)
