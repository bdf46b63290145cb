/** Bytes of all headers together. Source: Node's own default. */
export const MOST_HEADER_BYTES = 16_384
/** Headers in one request: browsers send a dozen. */
export const MOST_HEADERS = 100
/** Milliseconds for all headers to arrive: they fit in a few packets. */
export const HEADERS_TIMEOUT_MS = 10_000
/** Milliseconds for a whole request to arrive: its body fits in a few more. */
export const REQUEST_TIMEOUT_MS = 20_000
/** Milliseconds between two looks for requests that take too long. */
export const TIMEOUT_CHECK_MS = 2_000
/** Milliseconds for which an unused connection is kept: longer than the usual minute of proxies, which then close first. */
export const KEEP_ALIVE_MS = 65_000
/** Connections at once: each costs some kilobytes, and a file descriptor. */
export const MOST_CONNECTIONS = 2_000
/** Milliseconds for a client to take something of its answer: longer than any network is away for. */
export const STALLED_MS = 60_000
