import { AuditKind, AuditSource } from "../ledger/AuditEntry.ts"
import { anyOf } from "./anyOf.ts"

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
  budgetClass: "campaignctl.budget.class",
  sequence: "campaignctl.audit.sequence",
  kind: "campaignctl.audit.kind",
  guard: "campaignctl.guard",
  status: "campaignctl.verdict",
  operationId: "campaignctl.operation.id",
  operationKind: "campaignctl.operation.kind",
  operationStatus: "campaignctl.operation.status",
  campaigns: "campaignctl.campaigns",
  proven: "campaignctl.halt.proven",
  holding: "campaignctl.halt.holding",
  firstStopMs: "campaignctl.halt.first_stop.ms",
  lastAcceptMs: "campaignctl.halt.last_accept.ms",
  noNewDialsMs: "campaignctl.halt.no_new_dials.ms",
  drainedMs: "campaignctl.halt.drained.ms",
  stops: "campaignctl.halt.stops",
  pages: "campaignctl.guard.pages",
  queues: "campaignctl.guard.queues",
  actions: "campaignctl.guard.actions",
  scheduleId: "campaignctl.schedule.id",
  schedules: "campaignctl.schedule.due",
  fired: "campaignctl.schedule.fired",
  skipped: "campaignctl.schedule.skipped",
  // Source of the names without our prefix: OpenTelemetry's semantic conventions, 1.45.
  method: "http.request.method",
  resend: "http.request.resend_count",
  route: "http.route",
  urlTemplate: "url.template",
  serverAddress: "server.address",
  serverPort: "server.port",
  httpStatus: "http.response.status_code",
  errorType: "error.type",
  correlationId: "genesys.correlation_id",
  exitCode: "process.exit.code"
} as const

const {
  actions,
  attempt,
  attempts,
  budgetClass,
  campaignId,
  campaigns,
  correlationId,
  drainedMs,
  errorType,
  exitCode,
  fired,
  firstStopMs,
  guard,
  holding,
  httpStatus,
  kind,
  lastAcceptMs,
  lock,
  method,
  noNewDialsMs,
  operationId,
  operationKind,
  operationStatus,
  outcome,
  pages,
  proven,
  queues,
  resend,
  result,
  route,
  scheduleId,
  schedules,
  sequence,
  serverAddress,
  serverPort,
  skipped,
  source,
  state,
  status,
  stops,
  target,
  urlTemplate,
  waitCause,
  waitMs
} = attribute

/** What any span carries that ended in an error or was interrupted. */
export const onEveryFailure = {
  attributes: {
    [errorType]: "the tag of the error; for an HTTP span the status",
    "effect.fiber.interrupted": "true where it was interrupted, which is no error"
  },
  events: {
    exception: {
      "exception.type": "as `error.type`",
      "exception.message": "the error's stable code and title, and none of its sentences",
      "exception.stacktrace": "the two above; no frames"
    }
  }
} as const

/** Every span, for the code that makes them, the documentation, and the test that compares the two. */
export const spans = {
  request: {
    name: `{${method}} {${route}}`,
    covers: "one request to the HTTP service, a server span; continues the caller's trace",
    attributes: {
      [method]: "the method",
      [route]: "the route's template, never the path",
      [httpStatus]: "the status that was answered"
    }
  },
  command: {
    name: "campaignctl.command",
    covers: "one command of the command line; continues the trace that the environment names",
    attributes: { [exitCode]: "the exit code" }
  },
  transition: {
    name: "campaignctl.transition",
    covers: "one change of one campaign, from the request to the recorded outcome",
    attributes: {
      [campaignId]: "the campaign's id",
      [target]: "the state that was asked for",
      [source]: anyOf(AuditSource.literals),
      [outcome]: "Applied, AlreadyThere, the tag of the error, or Interrupted",
      [attempts]: "changes that were sent to Genesys",
      [sequence]: "the ledger sequence of the outcome"
    }
  },
  explain: {
    name: "campaignctl.explain",
    covers: "one decision without acting, or that on every target",
    attributes: {
      [campaignId]: "the campaign's id",
      [target]: "the state that was asked about; absent where all were"
    }
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
      verdict: {
        [guard]: "the guard's name",
        [status]: "passed, failed, skipped, unknown or overridden"
      }
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
      [waitMs]: "milliseconds",
      [budgetClass]:
        "for a wait until the budget admits a request: halt, operator, guard, fleet or schedule"
    }
  },
  awaitDrain: {
    name: "campaignctl.awaitDrain",
    covers: "waiting until no call of a stopped campaign runs any more",
    attributes: {
      [campaignId]: "the campaign's id",
      [result]: "Drained, StillDraining, Resumed or NotShown"
    }
  },
  append: {
    name: "campaignctl.ledger.append",
    covers: "one entry appended to the ledger, durable when it ends",
    attributes: {
      [kind]: anyOf(AuditKind.literals),
      [sequence]: "the entry's sequence"
    }
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
  },
  operation: {
    name: "campaignctl.operation",
    covers:
      "one operation on the process that carries it on, from its being taken up; a process that takes it over begins another",
    attributes: {
      [operationId]: "the operation's id",
      [operationKind]: "Transition, Fleet or Halt",
      [source]: anyOf(AuditSource.literals),
      [operationStatus]: "succeeded, partial, failed or cancelled",
      [campaigns]: "the campaigns that it selected"
    }
  },
  halt: {
    name: "campaignctl.halt",
    covers: "one halt, from its hold to its proof or its deadline",
    attributes: {
      [proven]: "whether it is proven that nothing dials",
      [holding]: "whether starts in its scope are refused",
      [campaigns]: "campaigns that dialled",
      [stops]: "stops that were sent",
      [firstStopMs]: "milliseconds to the first stop that was sent",
      [lastAcceptMs]: "milliseconds to the last stop that Genesys accepted",
      [noNewDialsMs]: "milliseconds to the first list that showed none dialling",
      [drainedMs]:
        "milliseconds to the first list that showed no calls; each only where it came to that"
    }
  },
  guardCycle: {
    name: "campaignctl.guard.cycle",
    covers: "one look of the guard; the changes that it begins are within it and may outlast it",
    attributes: {
      [pages]: "pages that were listed",
      [queues]: "queues whose agents were asked for, with one query",
      [campaigns]: "campaigns under care",
      [actions]: "campaigns on which something was begun",
      [result]: "Looked, or Failed"
    }
  },
  firing: {
    name: "campaignctl.schedule.fire",
    covers:
      "settling all firings that are due at one look, each submitted or recorded as skipped; what is submitted is carried on in a span of its own",
    attributes: {
      [schedules]: "schedules that were due",
      [fired]: "operations that were submitted",
      [skipped]: "firings that were skipped; several of one schedule for one reason count once",
      [result]: "Settled, or SettledElsewhere where another process was first"
    },
    events: {
      fired: { [scheduleId]: "the schedule's id", [operationId]: "the operation's id" }
    }
  },
  call: {
    name: `{${method}} {${urlTemplate}}`,
    covers:
      "one request to Genesys, the token's included, a client span; its id goes out in `traceparent`",
    attributes: {
      [method]: "the method",
      [urlTemplate]: "the path's template, never the path",
      [serverAddress]: "the host",
      [serverPort]: "the port",
      [resend]: "1 where the request is sent again with a new token",
      [httpStatus]: "the status of the reply; absent where none came",
      [correlationId]: "the correlation id that Genesys answered with, for its support"
    }
  }
} as const satisfies Record<string, SpanPage>
