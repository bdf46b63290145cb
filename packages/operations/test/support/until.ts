import { setTimeout as delay } from "node:timers/promises"

const LOOK_MS = 250

/** Asks again until the answer is as wanted; the test's own time limit ends what never comes. */
export const until = async <A>(
  ask: () => Promise<A>,
  wanted: (answer: A) => boolean
): Promise<A> => {
  for (;;) {
    const answer = await ask()
    if (wanted(answer)) return answer
    await delay(LOOK_MS)
  }
}
