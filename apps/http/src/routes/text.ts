/** One line with something in it. PostgreSQL keeps no text with a NUL, and a list no name of two lines. */
export const LINE = /^(?=.*\S)[^\p{Cc}]+$/u
/** What a problem says instead of the pattern. */
export const LINE_WORDS = { expected: "one line of text that is not blank" }
/** Text with something in it, of any number of lines. */
export const TEXT = /^(?=[\s\S]*\S)[^\0]+$/u
export const TEXT_WORDS = { expected: "a text that is not blank and has no NUL" }
