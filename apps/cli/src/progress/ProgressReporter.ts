import type { CampaignId, GatewayError, ProgressEvent, WaitCause } from "@campaignctl/core"
import { Effect } from "effect"
import { durationText } from "../arguments/duration.ts"
import { onOneLine } from "../render/onOneLine.ts"
import type { TerminalShape } from "../terminal/Terminal.ts"
import { type DrainSeen, drainText } from "./DrainProgress.ts"
import { StatusLine } from "./StatusLine.ts"

/** Milliseconds between two lines on one drain where the line cannot change in place: a log is read later. */
const PLAIN_LINE_EVERY_MS = 10_000
/** Waits shorter than this, in milliseconds, are over before a person has read of them. */
const WORTH_SAYING_MS = 100

/** Hears what happens to one campaign. */
export interface CampaignProgress {
  readonly report: (event: ProgressEvent) => Effect.Effect<void>
}

/** Tells a person on stderr what happens while it happens: retries, waits, conflicts, drains. */
export class ProgressReporter {
  readonly #terminal: Pick<TerminalShape, "err" | "quiet">
  readonly #line: StatusLine
  readonly #draining = new Map<CampaignId, DrainSeen>()
  readonly #lastPlainMs = new Map<CampaignId, number>()

  constructor(terminal: Pick<TerminalShape, "err" | "quiet">) {
    this.#terminal = terminal
    this.#line = new StatusLine(terminal.err)
  }

  /** Follows one campaign, which is called by its id until its name is seen. */
  follow(id: CampaignId): CampaignProgress {
    if (this.#terminal.quiet) return { report: () => Effect.void }
    let name: string = id
    return {
      report: (event) =>
        Effect.sync(() => {
          if ("campaign" in event) name = onOneLine(event.campaign.name)
          if (event._tag === "DrainPolled")
            this.#drained(id, {
              name,
              calls: event.outstandingCalls,
              waitedMs: event.waitedMs
            })
          else this.#say(sentenceOf(name, event))
        })
    }
  }

  /** Says that a campaign is no longer waited for. */
  done(id: CampaignId): void {
    if (!this.#draining.delete(id)) return
    this.#redraw()
  }

  #drained(id: CampaignId, seen: DrainSeen): void {
    this.#draining.set(id, seen)
    if (this.#terminal.err.isTerminal) return this.#redraw()
    const last = this.#lastPlainMs.get(id)
    if (last !== undefined && seen.waitedMs - last < PLAIN_LINE_EVERY_MS) return
    this.#lastPlainMs.set(id, seen.waitedMs)
    this.#say(drainText([seen]))
  }

  #redraw(): void {
    if (!this.#terminal.err.isTerminal) return
    const text = drainText([...this.#draining.values()])
    if (text === undefined) this.#line.clear()
    else this.#line.show(text)
  }

  #say(sentence: string | undefined): void {
    if (sentence === undefined) return
    this.#line.say(this.#terminal.err.paint("yellow", `${sentence}.`))
    this.#redraw()
  }
}

const FAILURES: Readonly<Partial<Record<GatewayError["_tag"], string>>> = {
  LockConflict: "was changed by somebody else between our read and our write",
  RateLimited: "has to wait: Genesys grants no more requests for now (429)",
  BudgetUnavailable: "has to wait: the database of the request budget cannot be reached",
  GenesysUnavailable: "got no usable answer to its change"
}

const WAITS: Readonly<Record<Exclude<WaitCause, "drain">, string>> = {
  "rate-limit": "as Genesys asks",
  conflict: "then reads it again and decides afresh",
  unavailable: "then tries again"
}

const sentenceOf = (name: string, event: ProgressEvent): string | undefined => {
  if (event._tag === "AttemptFailed") {
    const what = FAILURES[event.error._tag]
    return what === undefined ? undefined : `“${name}” ${what} (attempt ${event.attempt})`
  }
  if (event._tag === "Waiting" && event.cause !== "drain" && event.delayMs >= WORTH_SAYING_MS)
    return `“${name}” waits ${durationText(event.delayMs)}, ${WAITS[event.cause]}`
  if (event._tag === "ReadBack")
    return event.shown
      ? `“${name}” was read back: the change is there`
      : `“${name}” was read back: the change was not made`
  return undefined
}
