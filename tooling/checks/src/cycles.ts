/**
 * Finds the import cycles of a graph: one walk round each group of files that reach one another.
 *
 * The answer does not depend on the order of the entries.
 */
export const findCycles = (
  graph: ReadonlyMap<string, ReadonlySet<string>>
): ReadonlyArray<ReadonlyArray<string>> => {
  const inKnownCycle = new Set<string>()
  const cycles: Array<ReadonlyArray<string>> = []
  for (const start of [...graph.keys()].toSorted()) {
    if (inKnownCycle.has(start)) continue
    const cycle = shortestWayBack(graph, start)
    if (cycle === undefined) continue
    for (const file of cycle) inKnownCycle.add(file)
    cycles.push(cycle)
  }
  return cycles
}

const shortestWayBack = (
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  start: string
): ReadonlyArray<string> | undefined => {
  const cameFrom = new Map<string, string>()
  const frontier = [start]
  for (const file of frontier) {
    for (const next of [...(graph.get(file) ?? [])].toSorted()) {
      if (next === start) return pathTo(cameFrom, start, file)
      if (cameFrom.has(next)) continue
      cameFrom.set(next, file)
      frontier.push(next)
    }
  }
  return undefined
}

const pathTo = (
  cameFrom: ReadonlyMap<string, string>,
  start: string,
  end: string
): ReadonlyArray<string> => {
  const path: Array<string> = []
  for (let at: string | undefined = end; at !== undefined && at !== start; at = cameFrom.get(at)) {
    path.unshift(at)
  }
  return [start, ...path]
}
