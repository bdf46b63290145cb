/**
 * Text from elsewhere as it may be shown on a terminal: no line breaks, no escape sequences, nothing
 * that turns the direction of what follows.
 */
export const onOneLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, " ").trim()
