/** Longest stretch of a wrong value that an error repeats, in characters: a line, not a document. */
const SHOWN_LIMIT = 60

/** A wrong value as an error may repeat it: short, on one line, without control characters. */
export const shownText = (text: string): string => {
  const line = text.replace(/\p{Cc}+/gu, " ")
  return line.length > SHOWN_LIMIT ? `${line.slice(0, SHOWN_LIMIT)}…` : line
}
