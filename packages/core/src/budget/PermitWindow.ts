import type { Held } from "./Law.ts"

/** Finished permits that no longer count are cut off when there are as many of them. */
const CUT_OFF = 1_024

/**
 * The permits of one process, with the time until which each counts. Finished ones are in the order of
 * their times, because each counts as long after its reply, so that the oldest is always in front.
 */
export class PermitWindow {
  readonly #unfinished = new Map<string, number>()
  readonly #finished: Array<number> = []
  /** Place of the first finished permit that counts. */
  #front = 0

  add(id: string, until: number): void {
    this.#unfinished.set(id, until)
  }

  /** Whether it counted. */
  drop(id: string): boolean {
    return this.#unfinished.delete(id)
  }

  finish(id: string, until: number): void {
    if (!this.#unfinished.delete(id)) return
    const last = this.#finished.at(-1)
    this.#finished.push(last === undefined ? until : Math.max(last, until))
  }

  /** Forgets what does not count any more. */
  forget(now: number): void {
    while ((this.#finished[this.#front] ?? Infinity) <= now) this.#front += 1
    if (this.#front >= CUT_OFF) {
      this.#finished.splice(0, this.#front)
      this.#front = 0
    }
    for (const [id, until] of this.#unfinished) if (until <= now) this.#unfinished.delete(id)
  }

  /** Those that count, as of the last time that was forgotten. */
  held(now: number): Held {
    const finished = this.#finished.length - this.#front
    const unfinished = this.#unfinished.size
    return {
      active: finished + unfinished,
      unfinished,
      freedAt: (many) =>
        many <= finished
          ? (this.#finished[this.#front + many - 1] ?? now)
          : ([...this.#unfinished.values()].toSorted((a, b) => a - b)[many - finished - 1] ?? now)
    }
  }
}
