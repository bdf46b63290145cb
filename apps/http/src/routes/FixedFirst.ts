import type { Result, Router } from "hono/router"
import { RegExpRouter } from "hono/router/reg-exp-router"
import { TrieRouter } from "hono/router/trie-router"

/**
 * Finds routes by one regular expression, which cannot tell a fixed path from a parameter in its
 * place: fixed paths are looked up before it. Hono's own choice would be a walk along the path.
 */
export class FixedFirst<T> implements Router<T> {
  readonly name = "FixedFirst"
  readonly #fixed = new TrieRouter<T>()
  readonly #paths = new Set<string>()
  readonly #others = new RegExpRouter<T>()

  add(method: string, path: string, handler: T): void {
    if (/[:*]/.test(path)) return this.#others.add(method, path, handler)
    this.#paths.add(path)
    this.#fixed.add(method, path, handler)
  }

  match(method: string, path: string): Result<T> {
    if (this.#paths.has(path)) {
      const found = this.#fixed.match(method, path)
      if (found[0].length > 0) return found
    }
    return this.#others.match(method, path)
  }
}
