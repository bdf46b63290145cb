const MILLISECONDS_PER_SECOND = 1000

/** The default start of a hand-driven world: a Monday, 10:00 UTC, inside every usual calling window. */
export const MANUAL_START = Date.UTC(2026, 0, 5, 10, 0, 0)

/**
 * What time it is for the simulator.
 *
 * `worldNow` moves calls, agents and drains. `wallNow` decides about tokens, the rate window and the
 * Date header. The two are the same thing unless the world runs faster than real time.
 */
export interface SimulatorClock {
  worldNow(): number
  wallNow(): number
  /** Moves the world forward at once. */
  advance(milliseconds: number): void
}

export type ClockOptions =
  | { readonly mode: "real"; /** World seconds per real second. */ readonly speed?: number }
  | { readonly mode: "manual"; /** Milliseconds since the epoch. */ readonly startAt?: number }

const realClock = (speed: number): SimulatorClock => {
  const startedAt = Date.now()
  let leaped = 0
  return {
    worldNow: () => startedAt + (Date.now() - startedAt) * speed + leaped,
    wallNow: () => Date.now(),
    advance: (milliseconds) => {
      leaped += milliseconds
    }
  }
}

const manualClock = (startAt: number): SimulatorClock => {
  let now = startAt
  return {
    worldNow: () => now,
    wallNow: () => now,
    advance: (milliseconds) => {
      now += milliseconds
    }
  }
}

/** Real time at speed 1 unless told otherwise; `manual` stands still until it is advanced. */
export const makeClock = (options: ClockOptions = { mode: "real" }): SimulatorClock =>
  options.mode === "real"
    ? realClock(options.speed ?? 1)
    : manualClock(options.startAt ?? MANUAL_START)

export const secondsToMilliseconds = (seconds: number): number =>
  Math.round(seconds * MILLISECONDS_PER_SECOND)
