import type { ErrorPage } from "@campaignctl/core"

/** What is always true of a problem that the service itself raises. */
export interface HttpProblemPage extends ErrorPage {
  readonly status: number
}

/** The problems that only exist over HTTP. Those of the core are in its own catalogue. */
export const httpProblems = {
  UNAUTHENTICATED: {
    status: 401,
    code: "UNAUTHENTICATED",
    title: "The caller is not known",
    causes: [
      "no credential was sent",
      "the API key is unknown, revoked or expired",
      "the token is malformed, expired, for another audience or of another issuer"
    ],
    nextStep:
      "Send `Authorization: Bearer` with an API key (`campaignctl key create`) or a token of the configured issuer."
  },
  SCOPE_MISSING: {
    status: 403,
    code: "SCOPE_MISSING",
    title: "The caller may not do this",
    causes: ["the API key or the token lacks the scope that the problem names"],
    nextStep: "Use a credential with the scope that is named."
  },
  DIVISION_BOUND: {
    status: 403,
    code: "DIVISION_BOUND",
    title: "A caller bound to divisions may not see what is of all divisions",
    causes: [
      "verification reads every entry of the ledger, those of other divisions too",
      "the metrics and the list of processes count the work of all divisions"
    ],
    nextStep: "Use a credential that is not bound to divisions."
  },
  HOST_NOT_ALLOWED: {
    status: 403,
    code: "HOST_NOT_ALLOWED",
    title: "The service answers on loopback alone",
    causes: [
      "no credential is configured, so that only this machine may call",
      "a web page elsewhere pointed its own name at this machine"
    ],
    nextStep: "Call it as 127.0.0.1 or localhost, or create an API key and start it again."
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    code: "ROUTE_NOT_FOUND",
    title: "There is nothing here",
    causes: ["the path is misspelt"],
    nextStep: "Look at /openapi.json, which lists every path."
  },
  ENTRY_NOT_FOUND: {
    status: 404,
    code: "ENTRY_NOT_FOUND",
    title: "There is no such audit entry",
    causes: ["the ledger is not that long", "the caller's divisions do not include the campaign's"],
    nextStep: "List the entries with GET /v1/audit."
  },
  OPERATIONS_NOT_CONFIGURED: {
    status: 404,
    code: "OPERATIONS_NOT_CONFIGURED",
    title: "No operations are carried on here",
    causes: ["the routes are mounted in an app that provides no engine"],
    nextStep: "Start the service with `campaignctl serve`, or provide the engine to the app."
  },
  WEBHOOKS_NOT_CONFIGURED: {
    status: 404,
    code: "WEBHOOKS_NOT_CONFIGURED",
    title: "No webhooks are sent from here",
    causes: ["the routes are mounted in an app that provides no webhooks"],
    nextStep: "Start the service with `campaignctl serve`, or provide webhooks to the app."
  },
  METRICS_NOT_CONFIGURED: {
    status: 404,
    code: "METRICS_NOT_CONFIGURED",
    title: "No metrics are kept",
    causes: ["the service was started without telemetry"],
    nextStep: "Start the service with metrics, or do not scrape it."
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    code: "METHOD_NOT_ALLOWED",
    title: "This path has no such method",
    causes: ["the method is not one of those in the Allow header"],
    nextStep: "Use one of the methods in the Allow header."
  },
  REQUEST_TIMEOUT: {
    status: 408,
    code: "REQUEST_TIMEOUT",
    title: "The request did not arrive in time",
    causes: ["the client or the network sent its headers or its body too slowly"],
    nextStep: "Send the request again, whole."
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    code: "IDEMPOTENCY_IN_PROGRESS",
    title: "A request with this Idempotency-Key is still running",
    causes: [
      "the same request was sent twice at the same time",
      "the process that was asked has ended, and another one still makes the change for it"
    ],
    nextStep: "Wait, then send it again: the answer of the first is repeated."
  },
  FLEET_DIFFERS: {
    status: 409,
    code: "FLEET_DIFFERS",
    title: "The selector means another number of campaigns than the caller",
    causes: [
      "campaigns came or went, or changed their state, since they were counted",
      "the selector is not what was meant"
    ],
    nextStep: "Look at the plan of a dry run, and ask again with the number that it shows."
  },
  PRECONDITION_FAILED: {
    status: 412,
    code: "PRECONDITION_FAILED",
    title: "The campaign is not as the caller saw it",
    causes: ["somebody else changed the campaign since its ETag was read"],
    nextStep:
      "Read the campaign again, and ask again with its new ETag if the change is still wanted."
  },
  BODY_TOO_LARGE: {
    status: 413,
    code: "BODY_TOO_LARGE",
    title: "The body is too large",
    causes: ["more bytes were sent than the service accepts"],
    nextStep: "Send a smaller body."
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    code: "UNSUPPORTED_MEDIA_TYPE",
    title: "The body is not JSON",
    causes: [
      "Content-Type is not application/json, or has another charset than UTF-8",
      "the body is compressed"
    ],
    nextStep: "Send the body as application/json in UTF-8, uncompressed."
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    code: "IDEMPOTENCY_KEY_REUSED",
    title: "The Idempotency-Key belongs to another request",
    causes: ["the key was used before with another path, body or If-Match"],
    nextStep: "Use a new key for a new request."
  },
  PRECONDITION_REQUIRED: {
    status: 428,
    code: "PRECONDITION_REQUIRED",
    title: "This deployment wants every change to be conditional",
    causes: ["the request has no If-Match"],
    nextStep: "Read the campaign, and send its ETag as If-Match."
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    code: "TOO_MANY_REQUESTS",
    title: "The caller sends too many requests",
    causes: [
      "more requests a minute, or more event streams at once, than one caller is granted",
      "more requests a minute without a credential that is accepted than one address is granted"
    ],
    nextStep: "Wait as long as Retry-After says."
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    code: "HEADERS_TOO_LARGE",
    title: "The headers are too large",
    causes: ["more bytes of headers were sent than the service accepts"],
    nextStep: "Send fewer or shorter headers."
  },
  UNEXPECTED: {
    status: 500,
    code: "UNEXPECTED",
    title: "The service failed",
    causes: ["a defect of the service"],
    nextStep: "Report it with the request id; the log has the rest."
  },
  NOT_READY: {
    status: 503,
    code: "NOT_READY",
    title: "The service cannot work now",
    causes: [
      "the ledger cannot be written",
      "Genesys grants no token",
      "the service is shutting down"
    ],
    nextStep: "Look at the part that is named; `campaignctl doctor` says more."
  },
  IDENTITY_UNAVAILABLE: {
    status: 503,
    code: "IDENTITY_UNAVAILABLE",
    title: "The issuer's keys cannot be read",
    causes: ["the identity provider, or the way to it, is down"],
    nextStep: "Try again; check CAMPAIGNCTL_OIDC_ISSUER and CAMPAIGNCTL_OIDC_JWKS_URL."
  }
} as const satisfies Record<string, HttpProblemPage>

export type HttpProblemCode = keyof typeof httpProblems
