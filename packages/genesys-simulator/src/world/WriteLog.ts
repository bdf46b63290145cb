import type { CampaignStatus } from "./CampaignStatus.ts"

/** Entries kept; older ones are dropped so that a long bench does not fill the memory. */
const LIMIT = 200_000

export type WriteContract = "platform" | "etag" | "none"

/** Who brought a change about: a client over the API, the control interface, or the dialer itself. */
export type WriteBy = "api" | "control" | "dialer"

/** What a change came through. */
export type WriteVia =
  | "PUT"
  | "PATCH"
  | "start"
  | "stop"
  | "recycle"
  | "division"
  | "control"
  | "other-writer"
  | "drain-end"
  | "list-end"

export interface WriteOrigin {
  readonly contract: WriteContract
  readonly by: WriteBy
  readonly via: WriteVia
  /** Of the request that brought it about, when a request did. */
  readonly correlationId?: string
}

/** One change that was truly applied to a campaign. */
export interface WriteEntry extends WriteOrigin {
  readonly sequence: number
  /** The world's time, ISO 8601. */
  readonly time: string
  readonly campaignId: string
  readonly from: CampaignStatus
  readonly to: CampaignStatus
  readonly versionBefore: number
  readonly versionAfter: number
  /** Top-level fields of the campaign that are no longer what they were, `version` and `dateModified` left out. */
  readonly changedFields: ReadonlyArray<string>
}

export class WriteLog {
  #entries: Array<WriteEntry> = []
  #sequence = 0

  append(entry: Omit<WriteEntry, "sequence">): void {
    this.#sequence += 1
    this.#entries.push({ sequence: this.#sequence, ...entry })
    if (this.#entries.length > LIMIT) this.#entries.splice(0, this.#entries.length - LIMIT)
  }

  entries(): ReadonlyArray<WriteEntry> {
    return this.#entries
  }

  clear(): void {
    this.#entries = []
  }
}
