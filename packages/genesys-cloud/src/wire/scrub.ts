/** Secrets shorter than this would blank out ordinary words. No real one is. */
const SHORTEST_SECRET = 4
/** Tokens of earlier renewals that an answer may still quote. */
const TOKENS_REMEMBERED = 8
/** Characters of a foreign sentence that an error quotes. */
const LONGEST_QUOTE = 400

const CREDENTIALS = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi
// Control characters would let a foreign sentence rewrite a terminal.
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu

/** Takes secrets out of sentences that others wrote. */
export interface Scrubber {
  readonly remember: (token: string) => void
  readonly clean: (text: string) => string
}

/** Every spelling in which a secret may come back. */
const spellings = (secret: string): ReadonlyArray<string> => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64")
]

/** A scrubber for these secrets, and for the tokens that it is told of. */
export const makeScrubber = (clientId: string, clientSecret: string): Scrubber => {
  const fixed = [
    ...spellings(clientSecret),
    Buffer.from(`${clientId}:${clientSecret}`).toString("base64")
  ]
  let tokens: ReadonlyArray<string> = []
  return {
    remember: (token) => {
      tokens = [...spellings(token), ...tokens].slice(0, TOKENS_REMEMBERED * 4)
    },
    clean: (text) => {
      let cleaned = text
      // The longest first: one secret may be a part of another's spelling.
      const secrets = [...fixed, ...tokens].toSorted((a, b) => b.length - a.length)
      for (const secret of secrets)
        if (secret.length >= SHORTEST_SECRET) cleaned = cleaned.replaceAll(secret, "[secret]")
      cleaned = cleaned.replace(CREDENTIALS, "$1 [secret]").replace(CONTROLS, " ").trim()
      return cleaned.length > LONGEST_QUOTE ? `${cleaned.slice(0, LONGEST_QUOTE)}…` : cleaned
    }
  }
}
