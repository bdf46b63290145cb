/**
 * Letters and signs that are each one code unit and one column: Latin, Greek, Cyrillic, the dashes,
 * quotes, arrows and marks that this program writes. Anything else is cut into graphemes, which
 * costs more than all the rest of a table.
 */
const NARROW =
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u21ff\u2713\u2717]*$/
/** Letters that terminals draw two columns wide. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u

const graphemes = (text: string): ReadonlyArray<string> =>
  Array.from(
    new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text),
    (it) => it.segment
  )

const widthOf = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : 1)

/** The columns that a text takes on a terminal. */
export const textWidth = (text: string): number =>
  NARROW.test(text)
    ? text.length
    : graphemes(text).reduce((width, grapheme) => width + widthOf(grapheme), 0)

/** As much of the text's beginning as that many columns hold. */
export const beginning = (text: string, columns: number): string => {
  if (textWidth(text) <= columns) return text
  let kept = ""
  let width = 0
  for (const grapheme of graphemes(text)) {
    width += widthOf(grapheme)
    if (width > columns) break
    kept += grapheme
  }
  return kept
}

/** The text in at most that many columns; an ellipsis says where something is missing. */
export const shortened = (text: string, columns: number): string =>
  textWidth(text) <= columns ? text : `${beginning(text, columns - 1)}…`
