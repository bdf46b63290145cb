/** What a deployment decides of the service. */
export interface Deployment {
  /** The prefix under which the service is mounted, without a slash at the end; empty for none. */
  readonly base: string
  /** Whether every change must carry If-Match. */
  readonly requireIfMatch: boolean
  /** Bytes. */
  readonly bodyLimit: number
  /** Requests a minute that one caller is granted; undefined for no limit. */
  readonly ratePerMinute: number | undefined
  /** The text of `/metrics`; absent where none are kept. */
  readonly metrics?: () => Promise<string>
  /** True from the moment at which the service began to shut down. */
  readonly stopping: () => boolean
}

/** Bytes: a transition with the longest note and every override is a tenth of it. */
export const DEFAULT_BODY_LIMIT = 65_536
/** Requests a minute for one caller: twice what Genesys grants a whole OAuth client, so that reads of our own ledger fit. */
export const DEFAULT_RATE_PER_MINUTE = 600
