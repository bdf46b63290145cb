import type { TargetState } from "../../src/index.ts"

/** The statuses that the model of Genesys knows. */
export const STATUSES = [
  "on",
  "stopping",
  "off",
  "complete",
  "invalid",
  "forced_stopping",
  "forced_off"
] as const
export type Status = (typeof STATUSES)[number]

/** Something that happens to one call to Genesys. Each call takes the next one of its run's script. */
export type Fault =
  | { readonly kind: "none" }
  /** Another writer changes the campaign just before this call arrives. */
  | { readonly kind: "otherWriter"; readonly status: Status }
  | { readonly kind: "rateLimited"; readonly retryAfterMs?: number }
  /** No usable answer; nothing was applied. */
  | { readonly kind: "lostBefore" }
  /** Applied, and the answer never came. */
  | { readonly kind: "lostAfter" }
  /** The answer never came, and the write lands some calls later. */
  | { readonly kind: "lands"; readonly afterCalls: number }
  /** The requests are counted in a database that does not answer: nothing is sent. */
  | { readonly kind: "budgetGone" }
  | { readonly kind: "refused" }
  | { readonly kind: "notAuthenticated" }
  /** The campaign was deleted. */
  | { readonly kind: "gone" }
  /** The answer is not what was asked for, although the call was accepted. */
  | { readonly kind: "ignored" }

/** A write that was sent and has not landed yet. */
interface InFlight {
  calls: number
  readonly by: string
  readonly version: number
  readonly status: Status
}

/** The rules of Genesys' platform contract for one campaign, restated independently of the product. */
export class World {
  status: Status = "off"
  version = 1
  agents = 0
  /** Milliseconds until the agents are counted, waits for a rate limit included. */
  countingMs = 0
  calls = 0
  hasQueue = true
  /** Writes of ours that took effect. */
  landed = 0
  readonly inFlight: Array<InFlight> = []

  /** Time passes for what is still on the wire. */
  callArrives(): void {
    for (const write of this.inFlight) write.calls -= 1
    const due = this.inFlight.filter(({ calls }) => calls <= 0)
    this.inFlight.splice(0, this.inFlight.length, ...this.inFlight.filter(({ calls }) => calls > 0))
    for (const write of due) if (write.version === this.version) this.set(write.status)
  }

  /** Whether a write of this sender is under way that would still take effect. */
  mayLand(sender: string): boolean {
    return this.inFlight.some(({ by, version }) => by === sender && version === this.version)
  }

  set(status: Status): void {
    this.status = status
    this.version += 1
  }

  /** What a write under the current lock would set, or why it is refused; undefined where none is needed. */
  effectOf(target: TargetState): Status | "refused" | undefined {
    if (target === "active")
      return this.status === "off" || this.status === "complete" || this.status === "forced_off"
        ? "on"
        : "refused"
    if (this.status === "on") return this.calls > 0 ? "stopping" : "off"
    return target === "paused" && this.status === "invalid" ? "refused" : undefined
  }

  /** Every call has ended. */
  endCalls(): void {
    this.calls = 0
    if (this.status === "stopping") this.status = "off"
    if (this.status === "forced_stopping") this.status = "forced_off"
  }
}

/** Whether the model shows what the target means. */
export const worldShows = (status: Status, target: TargetState): boolean =>
  target === "active"
    ? status === "on"
    : target === "paused"
      ? ["stopping", "forced_stopping", "off", "forced_off"].includes(status)
      : status !== "on"
