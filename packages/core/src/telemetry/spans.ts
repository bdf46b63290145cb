/** One span that a run makes: its name, the attributes that it carries, and what it covers. */
export interface SpanPage {
  readonly name: string
  readonly covers: string
  readonly attributes: Readonly<Record<string, string>>
  /** Events on the span, with their attributes. */
  readonly events?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** The attributes in use. A name is written here and nowhere else. */
export const attribute = {
  campaignId: "campaignctl.campaign.id",
  target: "campaignctl.target",
  state: "campaignctl.state",
  source: "campaignctl.source",
  outcome: "campaignctl.outcome",
  attempts: "campaignctl.attempts",
  attempt: "campaignctl.attempt",
  lock: "campaignctl.lock",
  result: "campaignctl.result",
  waitCause: "campaignctl.wait.cause",
  waitMs: "campaignctl.wait.ms",
  sequence: "campaignctl.audit.sequence",
  kind: "campaignctl.audit.kind",
  guard: "campaignctl.guard",
  status: "campaignctl.verdict"
} as const

const { attempt, attempts, campaignId, guard, kind, lock, outcome, result, sequence, source, state, status, target, waitCause, waitMs } = attribute

/** Every span of the core, for the code that makes them, the documentation, and the test that compares the two. */
export const spans = {
  transition: {
    name: "campaignctl.transition",
    covers: "one change of one campaign, from the request to the recorded outcome",
    attributes: {
      [campaignId]: "the campaign's id",
      [target]: "the state that was asked for",
      [source]: "cli, http, schedule, guard or library",
      [outcome]: "Applied, AlreadyThere, or the tag of the error",
      [attempts]: "changes that were sent to Genesys",
      [sequence]: "the ledger sequence of the outcome"
    }
  },
  explain: {
    name: "campaignctl.explain",
    covers: "one decision without acting",
    attributes: { [campaignId]: "the campaign's id", [target]: "the state that was asked about" }
  },
  decide: {
    name: "campaignctl.decide",
    covers: "gathering the facts that one decision needs, and the decision",
    attributes: {
      [state]: "the campaign's state",
      [target]: "the state that was asked for",
      [outcome]: "allowed, already-there or rejected"
    },
    events: {
      verdict: { [guard]: "the guard's name", [status]: "passed, failed, skipped, unknown or overridden" }
    }
  },
  attempt: {
    name: "campaignctl.attempt",
    covers: "one change on the wire, and reading it back where its reply was lost",
    attributes: {
      [attempt]: "1 for the first",
      [lock]: "the lock token that it was sent under",
      [result]: "Applied, or the tag of the error"
    }
  },
  wait: {
    name: "campaignctl.wait",
    covers: "one wait before the next attempt or the next look",
    attributes: {
      [waitCause]: "rate-limit, conflict, unavailable or drain",
      [waitMs]: "milliseconds"
    }
  },
  awaitDrain: {
    name: "campaignctl.awaitDrain",
    covers: "waiting until no call of a stopped campaign runs any more",
    attributes: { [campaignId]: "the campaign's id", [result]: "Drained, StillDraining, Resumed or NotShown" }
  },
  append: {
    name: "campaignctl.ledger.append",
    covers: "one entry appended to the ledger, durable when it ends",
    attributes: { [kind]: "intent, outcome, rejection or drift", [sequence]: "the entry's sequence" }
  },
  getState: {
    name: "campaignctl.getState",
    covers: "reading one campaign and its state",
    attributes: { [campaignId]: "the campaign's id" }
  },
  settle: {
    name: "campaignctl.settle",
    covers: "giving the intents of earlier runs their outcome, at start",
    attributes: {}
  }
} as const satisfies Record<string, SpanPage>
