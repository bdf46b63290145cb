import { type BudgetPolicy, countsForMs, keptOf, type Over, type Waiting } from "@campaignctl/core"

/** A permit that was given without the database. */
export interface GivenAlone {
  readonly id: string
  readonly at: number
  readonly longestMs: number
}

/** Requests for halts while nothing is known of what is granted: its reply tells. */
const LEAST_SHARE = 1

/** The server's own count in its window, as a reply told it. */
interface ServerCount {
  readonly used: number
  readonly allowed: number
  readonly resetsAt: number
}

/**
 * What halts may send while the database cannot be reached: this process's part of the share that is
 * kept for them, and beyond it whatever the replies say is left of all but that share. It assumes that
 * the processes are those that were seen last.
 *
 * The share alone would be too little on the day that it is for: a process of three would stop five
 * campaigns a minute, while nobody else can send anything.
 */
export class HaltShare {
  readonly #policy: BudgetPolicy
  #share = LEAST_SHARE
  #refusedUntil = 0
  #unlimited = false
  #server: ServerCount | undefined
  /** Requests of this process that the server's count may not have. */
  #since = 0
  /** Halts of this process, with the time until which each counts. */
  readonly #halts = new Map<string, number>()
  /** Those of them whose reply has not come. */
  readonly #flying = new Set<string>()
  /** Given without the database, which it has to be told. */
  readonly #untold = new Map<string, GivenAlone>()

  constructor(policy: BudgetPolicy) {
    this.#policy = policy
  }

  /** What the database last said. */
  learn(kept: number, processes: number): void {
    this.#share = Math.max(LEAST_SHARE, Math.floor(kept / Math.max(1, processes)))
  }

  given(id: string, now: number, longestMs: number): void {
    this.#halts.set(id, now + longestMs + countsForMs(this.#policy))
    this.#flying.add(id)
    this.#since += 1
  }

  over({ agoMs, heard, id, unused }: Over, now: number): void {
    this.#flying.delete(id)
    if (heard !== undefined) this.#hear(heard, now - agoMs)
    if (!this.#halts.has(id)) return
    if (unused) {
      this.#halts.delete(id)
      this.#since = Math.max(0, this.#since - 1)
    } else this.#halts.set(id, now - agoMs + countsForMs(this.#policy))
  }

  /** The highest count of a window is the newest: what it may lack is in flight. */
  #hear({ count, refusedForMs, unlimited }: NonNullable<Over["heard"]>, at: number): void {
    if (refusedForMs !== undefined)
      this.#refusedUntil = Math.max(this.#refusedUntil, at + refusedForMs)
    if (unlimited === true && this.#server === undefined) this.#unlimited = true
    if (count === undefined) return
    const { allowed, resetsInMs, used } = count
    const resetsAt = at + resetsInMs
    const known = this.#server
    // Two windows end a whole window apart, give or take the time that a reply took.
    const apart = this.#policy.windowMs / 2
    if (known !== undefined && resetsAt < known.resetsAt - apart) return
    const isSame = known !== undefined && resetsAt < known.resetsAt + apart
    if (isSame && used < known.used) return
    this.#unlimited = false
    this.#server = {
      used,
      allowed,
      resetsAt: isSame ? Math.min(resetsAt, known.resetsAt) : resetsAt
    }
    this.#since = this.#flying.size
  }

  /** Gives permits to the halts that wait, by their places, as far as may be. */
  give(
    waiting: ReadonlyArray<Waiting>,
    now: number,
    makeId: () => string
  ): ReadonlyArray<{ readonly place: number; readonly id: string }> {
    for (const [id, until] of this.#halts)
      if (until <= now) {
        this.#halts.delete(id)
        this.#flying.delete(id)
      }
    if (now < this.#refusedUntil) return []
    const given: Array<{ readonly place: number; readonly id: string }> = []
    for (const [place, one] of waiting.entries()) {
      if (one.class !== "halt" || !this.#mayGo(now)) continue
      const id = makeId()
      this.given(id, now, one.longestMs)
      this.#untold.set(id, { id, at: now, longestMs: one.longestMs })
      given.push({ place, id })
    }
    return given
  }

  #mayGo(now: number): boolean {
    if (this.#unlimited || this.#halts.size < this.#share) return true
    const server = this.#server
    const isCurrent = server !== undefined && now < server.resetsAt
    // In a window that nobody has heard of, one request at a time asks what it grants.
    if (!isCurrent && this.#flying.size >= LEAST_SHARE) return false
    if (server === undefined) return true
    const room = server.allowed - keptOf(this.#policy, server.allowed)
    // Its own it counts in a window that slides, as the database does.
    return this.#halts.size < room && (!isCurrent || server.used + this.#since < room)
  }

  untold(): ReadonlyArray<GivenAlone> {
    return [...this.#untold.values()]
  }

  told(permits: ReadonlyArray<GivenAlone>): void {
    for (const { id } of permits) this.#untold.delete(id)
  }
}
