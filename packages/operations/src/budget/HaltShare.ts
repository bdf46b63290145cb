import type { Over, Waiting } from "@campaignctl/core"

/** A permit that was given without the database. */
export interface GivenAlone {
  readonly id: string
  readonly at: number
  readonly longestMs: number
}

/** Requests for halts while nothing is known of what is kept: one at a time goes out in any case. */
const LEAST_SHARE = 1

/**
 * What halts may send while the database cannot be reached: this process's part of the share that is
 * kept for them, over its own window. It assumes that the processes are those that were seen last.
 */
export class HaltShare {
  readonly #countsForMs: number
  #share = LEAST_SHARE
  #refusedUntil = 0
  /** Halts of this process, with the time until which each counts. */
  readonly #halts = new Map<string, number>()
  /** Given without the database, which it has to be told. */
  readonly #untold = new Map<string, GivenAlone>()

  constructor(countsForMs: number) {
    this.#countsForMs = countsForMs
  }

  /** What the database last said. */
  learn(kept: number, processes: number): void {
    this.#share = Math.max(LEAST_SHARE, Math.floor(kept / Math.max(1, processes)))
  }

  given(id: string, now: number, longestMs: number): void {
    this.#halts.set(id, now + longestMs + this.#countsForMs)
  }

  over({ agoMs, heard, id, unused }: Over, now: number): void {
    if (heard?.refusedForMs !== undefined)
      this.#refusedUntil = Math.max(this.#refusedUntil, now - agoMs + heard.refusedForMs)
    if (!this.#halts.has(id)) return
    if (unused) this.#halts.delete(id)
    else this.#halts.set(id, now - agoMs + this.#countsForMs)
  }

  /** Gives permits to the halts that wait, by their places, as far as the share goes. */
  give(
    waiting: ReadonlyArray<Waiting>,
    now: number,
    makeId: () => string
  ): ReadonlyArray<{ readonly place: number; readonly id: string }> {
    for (const [id, until] of this.#halts) if (until <= now) this.#halts.delete(id)
    if (now < this.#refusedUntil) return []
    const given: Array<{ readonly place: number; readonly id: string }> = []
    for (const [place, one] of waiting.entries()) {
      if (one.class !== "halt" || this.#halts.size >= this.#share) continue
      const id = makeId()
      this.given(id, now, one.longestMs)
      this.#untold.set(id, { id, at: now, longestMs: one.longestMs })
      given.push({ place, id })
    }
    return given
  }

  untold(): ReadonlyArray<GivenAlone> {
    return [...this.#untold.values()]
  }

  told(permits: ReadonlyArray<GivenAlone>): void {
    for (const { id } of permits) this.#untold.delete(id)
  }
}
