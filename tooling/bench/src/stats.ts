/** The value below which the share `q` (0 to 1) of the sample lies, by the nearest-rank method. */
export const quantile = (sample: ReadonlyArray<number>, q: number): number => {
  const sorted = sample.toSorted((a, b) => a - b)
  const rank = Math.max(1, Math.ceil(q * sorted.length))
  const value = sorted[rank - 1]
  if (value === undefined) throw new Error("nothing was measured")
  return value
}

export const median = (sample: ReadonlyArray<number>): number => quantile(sample, 0.5)

const MILLIS_PER_SECOND = 1_000

/** Milliseconds that the work takes. */
export const timed = async (work: () => unknown): Promise<number> => {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/**
 * Runs batches of work, the first of them only to warm up, and answers the rate of each of the
 * others: units per second.
 */
export const ratesOf = async (
  batches: number,
  units: number,
  batch: () => unknown
): Promise<ReadonlyArray<number>> => {
  await batch()
  const rates: Array<number> = []
  for (let n = 0; n < batches; n++) rates.push((units / (await timed(batch))) * MILLIS_PER_SECOND)
  return rates
}

/**
 * Runs contenders by turns, so that what else the machine does strikes all of them alike, each
 * round in another order. The warm-up rounds are not counted.
 */
export const interleaved = async <K extends string>(
  contenders: Readonly<Record<K, () => Promise<number>>>,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number }
): Promise<Readonly<Record<K, ReadonlyArray<number>>>> => {
  // Object.keys and Object.fromEntries forget the type of the keys, which are those of `contenders`.
  const names = Object.keys(contenders) as Array<K>
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    K,
    Array<number>
  >
  for (let round = 0; round < warmUp + rounds; round++) {
    const turn = round % names.length
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const taken = await contenders[name]()
      if (round >= warmUp) samples[name].push(taken)
    }
  }
  return samples
}

/**
 * The median of what one sample is beside the other, round by round: what else the machine did in a
 * round, it did to both.
 */
export const medianRatio = (above: ReadonlyArray<number>, below: ReadonlyArray<number>): number =>
  median(above.map((value, round) => value / (below[round] ?? Number.NaN)))

/** A figure that was estimated from samples, and the interval that holds it with 95 % confidence. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** How often samples are drawn again: more moves neither end by a thousandth. */
const RESAMPLES = 4_000
/** What of the estimates lies outside of the interval, on either side. */
const OUTSIDE = 0.025

/** Numbers from 0 to 1 that look like chance and are the same in every run (mulberry32). */
const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * The median of a sample with its interval by the bootstrap: samples of the same size are drawn from
 * it, with replacement, and the interval is what holds 95 % of their medians.
 */
export const medianEstimate = (sample: ReadonlyArray<number>): Estimate => {
  const random = seeded(sample.length)
  const drawn = Array.from({ length: RESAMPLES }, () =>
    median(sample.map(() => sample[Math.floor(random() * sample.length)] ?? Number.NaN))
  )
  return {
    value: median(sample),
    low: quantile(drawn, OUTSIDE),
    high: quantile(drawn, 1 - OUTSIDE)
  }
}
