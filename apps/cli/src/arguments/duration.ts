/** Milliseconds in each unit that a duration may be written in. */
const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000 } as const

/** The longest wait that is accepted, in milliseconds: a day. A longer one is for a schedule, not for a terminal. */
export const LONGEST_DURATION_MS = 24 * UNIT_MS.h

/** How a duration is to be written, for errors and help. */
export const DURATION_FORMS =
  "a duration with its units, more than 0 and at most 24h: 90s, 5m, 1h30m or PT5M"

/** `1h30m`, `PT1H30M`: each unit once at most, the larger before the smaller, one at least. */
const DURATION = /^(?:pt)?(?=\d)(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/i

/** The milliseconds of a duration; undefined where it is not written as `DURATION_FORMS` says, or is too long. */
export const parseDuration = (
  text: string,
  longestMs = LONGEST_DURATION_MS
): number | undefined => {
  const parts = DURATION.exec(text.trim())
  if (parts === null) return undefined
  const [, hours = "0", minutes = "0", seconds = "0"] = parts
  const ms = Number(hours) * UNIT_MS.h + Number(minutes) * UNIT_MS.m + Number(seconds) * UNIT_MS.s
  return ms > 0 && ms <= longestMs ? ms : undefined
}

/** A duration for a person: `0.4 s`, `12 s`, `3 min 5 s`, `1 h 30 min`. */
export const durationText = (ms: number): string => {
  if (ms < 10 * UNIT_MS.s) return `${(ms / UNIT_MS.s).toFixed(1)} s`
  const seconds = Math.round(ms / UNIT_MS.s)
  const part = (amount: number, unit: string) => (amount === 0 ? [] : [`${amount} ${unit}`])
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor((seconds % 3_600) / 60)
  return [...part(hours, "h"), ...part(minutes, "min"), ...part(seconds % 60, "s")].join(" ")
}
