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
