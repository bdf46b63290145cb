import type { Random } from "../Random.ts"

export type Contract = "platform" | "etag"

/** One access token and what it may do. Its text is never logged. */
export interface Token {
  readonly text: string
  readonly clientId: string
  readonly contract: Contract
  readonly expiresAt: number
  /** Scopes of the ETag contract; undefined means all. */
  readonly scopes: ReadonlySet<string> | undefined
}

/** Seconds that a token is valid: the platform's own default of 24 hours. */
export const DEFAULT_TOKEN_SECONDS = 86_400
/** GUIDs joined into one token: long enough to look like the platform's 86 characters. */
const TOKEN_GUIDS = 2

export class Tokens {
  readonly #tokens = new Map<string, Token>()
  readonly #random: Random
  /** Lifetime of tokens from now on, in seconds. */
  lifetimeSeconds: number

  constructor(random: Random, lifetimeSeconds: number) {
    this.#random = random
    this.lifetimeSeconds = lifetimeSeconds
  }

  issue(clientId: string, contract: Contract, now: number, scopes?: ReadonlySet<string>): Token {
    const text = Array.from({ length: TOKEN_GUIDS }, () =>
      this.#random.guid().replaceAll("-", "")
    ).join("_")
    const token = { text, clientId, contract, expiresAt: now + this.lifetimeSeconds * 1000, scopes }
    this.#tokens.set(text, token)
    return token
  }

  find(text: string, now: number): Token | undefined {
    const token = this.#tokens.get(text)
    if (token !== undefined && now >= token.expiresAt) {
      this.#tokens.delete(text)
      return undefined
    }
    return token
  }

  revoke(token: Token): void {
    this.#tokens.delete(token.text)
  }

  /** Revokes all tokens, and says how many there were. */
  revokeAll(): number {
    const count = this.#tokens.size
    this.#tokens.clear()
    return count
  }

  get size(): number {
    return this.#tokens.size
  }
}
