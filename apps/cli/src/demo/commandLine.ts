const PLAIN_WORD = /^[\w./:=@-]+$/

const quoted = (word: string): string =>
  PLAIN_WORD.test(word) ? word : `"${word.replaceAll(/["$\\`]/g, "\\$&")}"`

/** A command as a person types it into a shell. */
export const commandLine = (
  words: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): string =>
  [
    ...Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`),
    "campaignctl",
    ...words.map(quoted)
  ].join(" ")
