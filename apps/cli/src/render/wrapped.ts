import { beginning, textWidth } from "./textWidth.ts"

/**
 * The text in lines of at most that many columns, cut between words. A word that is longer than a
 * line, such as an address, is cut where the line ends.
 */
export const wrapped = (text: string, columns: number): ReadonlyArray<string> => {
  if (textWidth(text) <= columns) return [text]
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ").flatMap((one) => pieces(one, columns))) {
    const longer = line === "" ? word : `${line} ${word}`
    if (textWidth(longer) <= columns) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

/** A word in parts that each fit a line, unless one letter alone is wider. */
const pieces = (word: string, columns: number): ReadonlyArray<string> => {
  const part = beginning(word, columns)
  return part === word || part === "" ? [word] : [part, ...pieces(word.slice(part.length), columns)]
}
