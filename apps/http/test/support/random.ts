/** The seed of a run: fixed by the environment, or the clock's, and printed by whoever uses it. */
export const testSeed = (): number =>
  Number(process.env["CAMPAIGNCTL_TEST_SEED"] ?? Date.now() % 2 ** 31)

/** Numbers from 0 to 1 that a seed repeats: mulberry32. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
