/**
 * Whether a name matches a pattern of `*` for any characters and `?` for one, without regard to case.
 *
 * Its time is at most the product of the two lengths, whatever the pattern: it goes back to the last
 * `*` alone, never to one before.
 */
export const matchesName = (pattern: string, name: string): boolean => {
  const wanted = Array.from(pattern.toLowerCase())
  const given = Array.from(name.toLowerCase())
  let at = 0
  let position = 0
  /** The last `*`, and the end of what it has taken. */
  let star: { readonly at: number; position: number } | undefined
  while (position < given.length) {
    if (wanted[at] === "*") {
      star = { at, position }
      at += 1
    } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === given[position])) {
      at += 1
      position += 1
    } else if (star !== undefined) {
      star.position += 1
      at = star.at + 1
      position = star.position
    } else return false
  }
  return wanted.slice(at).every((character) => character === "*")
}
