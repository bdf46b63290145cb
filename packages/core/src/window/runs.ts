/** Joins neighbours of a list: each item goes into the last run where `join` gives the run that it makes, else begins one. */
export const inRuns = <A, R>(
  items: ReadonlyArray<A>,
  begin: (item: A) => R,
  join: (run: R, item: A) => R | undefined
): ReadonlyArray<R> => {
  const runs: Array<R> = []
  for (const item of items) {
    const last = runs.at(-1)
    const joined = last === undefined ? undefined : join(last, item)
    if (joined === undefined) runs.push(begin(item))
    else runs[runs.length - 1] = joined
  }
  return runs
}
