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

/** The same for so many milliseconds; whether the answer came to be as wanted. */
export const untilWithin = async <A>(
  patienceMs: number,
  ask: () => Promise<A>,
  wanted: (answer: A) => boolean
): Promise<boolean> => {
  const end = performance.now() + patienceMs
  while (performance.now() < end) {
    if (wanted(await ask())) return true
    await delay(LOOK_MS)
  }
  return false
}
