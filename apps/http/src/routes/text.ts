/** One line with something in it. PostgreSQL keeps no text with a NUL, and a list no name of two lines. */
export const LINE = /^(?=.*\S)[^\p{Cc}]+$/u
/** Text with something in it, of any number of lines. */
export const TEXT = /^(?=[\s\S]*\S)[^\0]+$/u
