/** The words that a value may be, as a sentence lists them: `a, b or c`. */
export const anyOf = (words: ReadonlyArray<string>): string =>
  `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`
