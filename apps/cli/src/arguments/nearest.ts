/** How many letters two words may differ in for one to be taken for a slip of the other, by length. */
const toleratedSlips = (length: number): number => (length <= 4 ? 1 : length <= 8 ? 2 : 3)

/** Letters to change, add, drop or swap with their neighbour to make one word of the other. */
export const editDistance = (from: string, to: string): number => {
  let beforeLast: ReadonlyArray<number> = []
  let last: ReadonlyArray<number> = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
        )
      )
    }
    beforeLast = last
    last = row
  }
  return last.at(-1) ?? 0
}

/** Letters and digits alone, so that `customer-request` is seen to be `CUSTOMER_REQUEST`. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "")

/** The allowed word that the given one was most likely meant to be, if any is near. */
export const nearest = <A extends string>(
  given: string,
  allowed: ReadonlyArray<A>
): A | undefined => {
  const wanted = plain(given)
  if (wanted === "") return undefined
  const beginning = allowed.filter((word) => plain(word).startsWith(wanted))
  if (beginning.length === 1) return beginning[0]
  const [best] = allowed
    .map((word) => ({ word, slips: editDistance(wanted, plain(word)) }))
    .filter(({ slips, word }) => slips <= toleratedSlips(plain(word).length))
    .toSorted((a, b) => a.slips - b.slips)
  return best?.word
}
