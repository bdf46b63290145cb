/** Topics that one channel takes. Source: Genesys' notification service guide. */
export const TOPICS_PER_CHANNEL = 1_000

/**
 * Channels in use at once, of the 20 that Genesys grants one OAuth client. When all of them move to new
 * ones at once that makes 16, so that other programs of the same client keep four.
 */
export const CHANNELS = 8

/** Milliseconds that a channel lives where its creation does not say. Source: Genesys' notification service guide, 24 hours. */
export const CHANNEL_LIFE_MS = 86_400_000

/** The shortest life of a channel, in milliseconds, that is believed: less is a clock that goes wrong. */
export const SHORTEST_LIFE_MS = 60_000

/**
 * The parts of a channel's life after which another takes its place: early enough for a server that is
 * away for hours, and spread, so that channels that began together are not renewed together.
 */
export const RENEWED_FROM = 0.7
export const RENEWED_UNTIL = 0.85

/** Milliseconds for a WebSocket to be opened, as long as the client's own requests have by default. */
export const OPENING_MS = 16_000

/**
 * Milliseconds of silence after which we ping. Genesys sends a heartbeat every 30 s; ten more seconds
 * let one be a little late.
 */
export const PING_AFTER_MS = 40_000

/** Milliseconds of silence after which a connection is dead: 20 s for the answer to the ping. */
export const DEAD_AFTER_MS = 60_000

/** Bytes of one frame at most. A campaign's event is a few kilobytes; this bounds memory. */
export const MAX_FRAME_BYTES = 1024 * 1024

/** News that wait for their reader at most: several times the campaigns that can be followed. */
export const NEWS_WAITING = 32_768

/** Back-off between attempts, with full jitter. Milliseconds. */
export const FIRST_PAUSE_MS = 1_000
export const LONGEST_PAUSE_MS = 60_000

/** Milliseconds between attempts, with as much again at random, where somebody has to change something first. */
export const SLOW_PAUSE_MS = 300_000

/** Milliseconds for which a connection must have stood for the next failure to count as the first. */
export const STEADY_MS = 60_000
