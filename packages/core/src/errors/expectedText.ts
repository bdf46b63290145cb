/** What Effect's decoders say of members, in the words of a person. */
const WORDS: Readonly<Record<string, string>> = {
  "Missing key": "a value",
  "no excess property": "no member of this name",
  never: "no member of this name",
  object: "an object",
  array: "a list"
}

/** What was expected, from the message of a decoder: `Expected an integer` is `an integer`. */
export const expectedText = (message: string): string => {
  const text = message.replace(/^Expected /, "")
  return Object.hasOwn(WORDS, text) ? (WORDS[text] ?? text) : text
}
