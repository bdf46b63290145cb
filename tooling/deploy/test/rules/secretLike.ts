/** What a secret looks like where it stands by mistake. */
const FORMS: ReadonlyArray<RegExp> = [
  // A password in a URL; a variable or a word in capitals in its place is none, nor is the word itself.
  /\w:\/\/[^\s:/@]+:(?!password@|\$|[A-Z_]+@)[^\s@]+@/,
  // An API key of the service.
  /\bcck_[\da-f]{16}_/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  // A long run of letters and digits mixed, as random text is.
  /(?=[\w+/=-]{32})(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*[a-z])[\w+/=-]{32,}/
]

/** The stretches of a text that look like secrets. */
export const secretLike = (text: string): ReadonlyArray<string> =>
  FORMS.flatMap((form) => form.exec(text)?.[0] ?? [])
