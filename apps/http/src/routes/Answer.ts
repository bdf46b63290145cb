/** What a route answers. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | ReadableStream<Uint8Array> | null
}

/** An answer whose whole text is at hand. */
export interface TextAnswer extends Answer {
  readonly body: string
}

/**
 * Data as JSON text, with a line's end for whoever reads it in a terminal. Half a surrogate pair,
 * which UTF-8 cannot hold, is escaped by `JSON.stringify` itself.
 */
export const jsonText = (value: object): string => `${JSON.stringify(value)}\n`

const texts = new WeakMap<object, string>()

/** One member's value as JSON. What the core shares between its answers, frozen, is written out once. */
export const sharedText = (value: object): string => {
  if (!Object.isFrozen(value)) return JSON.stringify(value)
  const known = texts.get(value)
  if (known !== undefined) return known
  const made = JSON.stringify(value)
  texts.set(value, made)
  return made
}

const JSON_HEADERS = { "content-type": "application/json" }

/** An answer of JSON that is text already. */
export const jsonAnswer = (
  body: string,
  headers: Readonly<Record<string, string>>
): TextAnswer => ({
  status: 200,
  headers: { ...JSON_HEADERS, ...headers },
  body
})

export const json = (value: object, headers: Readonly<Record<string, string>> = {}): TextAnswer =>
  jsonAnswer(jsonText(value), headers)
