import { ConfigInvalid, DEFAULT_REGION, hostOfRegion, type Problem } from "@campaignctl/core"
import { Effect, Redacted } from "effect"

/** Milliseconds for one request, from connecting to the last byte. Source: the official SDK's own default. */
export const DEFAULT_REQUEST_TIMEOUT_MS = 16_000

/**
 * The longest wait, in milliseconds, for a spent budget to be granted again. One window of Genesys'
 * rate limit is a minute; a longer wait is for the caller to decide on.
 */
export const DEFAULT_PACING_PATIENCE_MS = 61_000

/** Where Genesys is, who asks, and how patient the client is. */
export interface GenesysOptions {
  readonly contract: "platform" | "etag"
  /** A host or an AWS name of core's `regionHosts`; the default is core's `DEFAULT_REGION`. */
  readonly region?: string
  /** The API's address instead of the region's, with a path prefix if need be. */
  readonly apiUrl?: string
  /** The login's address instead of the region's. The ETag contract has its token at the API. */
  readonly loginUrl?: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  /** The division that archived campaigns are moved to. Platform contract alone; the other warns that it cannot. */
  readonly archiveDivision?: string
  /** Milliseconds for one request; `DEFAULT_REQUEST_TIMEOUT_MS` when absent. */
  readonly requestTimeoutMs?: number
  /** Milliseconds to wait at most for the rate limit's next window; `DEFAULT_PACING_PATIENCE_MS` when absent. */
  readonly pacingPatienceMs?: number
}

/** Options that were checked: addresses without a trailing slash, every number set. */
export interface Settings {
  readonly contract: "platform" | "etag"
  readonly apiUrl: string
  readonly loginUrl: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  readonly archiveDivision: string | undefined
  readonly requestTimeoutMs: number
  readonly pacingPatienceMs: number
}

/** Checks the options; fails with every problem at once. */
export const settingsOf = (options: GenesysOptions): Effect.Effect<Settings, ConfigInvalid> => {
  const problems: Array<Problem> = []
  const region = options.region ?? DEFAULT_REGION
  const host = hostOfRegion(region)
  if (host === undefined && (options.apiUrl === undefined || options.loginUrl === undefined))
    problems.push({ key: "region", expected: "a Genesys Cloud region", found: shown(region) })
  const address = (key: "apiUrl" | "loginUrl", subdomain: string): string => {
    const given = options[key]
    if (given === undefined) return `https://${subdomain}.${host ?? DEFAULT_REGION}`
    const checked = plainAddress(given)
    if (checked === undefined)
      problems.push({
        key,
        expected: "an http or https address without credentials, query or fragment",
        found: "something else"
      })
    return checked ?? given
  }
  const apiUrl = address("apiUrl", "api")
  const loginUrl = address("loginUrl", "login")
  const secret = Redacted.value(options.clientSecret)
  if (options.clientId === "")
    problems.push({ key: "clientId", expected: "the OAuth client's id", found: "nothing" })
  if (secret === "")
    problems.push({ key: "clientSecret", expected: "the OAuth client's secret", found: "nothing" })
  const requestTimeoutMs = options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS
  const pacingPatienceMs = options.pacingPatienceMs ?? DEFAULT_PACING_PATIENCE_MS
  if (!(requestTimeoutMs > 0))
    problems.push(milliseconds("requestTimeoutMs", "more than 0", requestTimeoutMs))
  if (!(pacingPatienceMs >= 0))
    problems.push(milliseconds("pacingPatienceMs", "0 or more", pacingPatienceMs))
  return problems.length > 0
    ? Effect.fail(new ConfigInvalid({ problems }))
    : Effect.succeed({
        contract: options.contract,
        apiUrl,
        loginUrl,
        clientId: options.clientId,
        clientSecret: options.clientSecret,
        archiveDivision: options.archiveDivision,
        requestTimeoutMs,
        pacingPatienceMs
      })
}

const milliseconds = (key: string, bound: string, found: number): Problem => ({
  key,
  expected: `milliseconds, ${bound}`,
  found: String(found)
})

/** A value is shown cut short, in case something else was pasted into the wrong place. */
const SHOWN_CHARACTERS = 40
const shown = (value: string): string =>
  value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value

const plainAddress = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const plain =
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === ""
  return plain ? `${url.origin}${url.pathname}`.replace(/\/+$/, "") : undefined
}
