type Tree = Record<string, unknown>

/** A copy of a document in which the value at a path is another, or gone where that is undefined. */
export const changed = (
  document: unknown,
  path: ReadonlyArray<string>,
  value: unknown
): unknown => {
  const copy = structuredClone(document)
  const last = path.at(-1)
  if (last === undefined) return value
  // Objects and arrays are both read and written by name; a path that leads nowhere fails below.
  const parent = path.slice(0, -1).reduce((one, key) => (one as Tree)[key], copy) as Tree
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}
