import { isIP } from "node:net"
import { ConfigInvalid, type Environment, type Problem, type Profile } from "@campaignctl/core"
import { Result } from "effect"
import type { OidcConfig } from "../callers/Tokens.ts"
import { DEFAULT_BODY_LIMIT, DEFAULT_RATE_PER_MINUTE } from "../routes/Deployment.ts"
import type { HttpConfig } from "./HttpConfig.ts"
import { isLoopback } from "./loopback.ts"
import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  DEFAULT_RUNNER_PORT,
  DEFAULT_SHUTDOWN_SECONDS,
  type HttpConfigKey
} from "./pages.ts"

const LARGEST_PORT = 65_535
/** Bytes: room for the smallest request that changes anything. */
const SMALLEST_BODY = 256
/** Bytes: no body that any route takes is a hundredth of it. */
const LARGEST_BODY = 10_485_760
/** Requests a minute: more than one process answers. */
const HIGHEST_RATE = 1_000_000
/** Seconds: an hour; no request runs so long. */
const LONGEST_SHUTDOWN = 3_600

/** Longest stretch of a wrong value that is repeated, in characters. */
const SHOWN = 40

type Reading<A> = (text: string) => A | undefined

const whole =
  (least: number, most: number): Reading<number> =>
  (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? value : undefined
  }

const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false }

const host: Reading<string> = (text) =>
  isIP(text) > 0 || /^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/i.test(text) ? text : undefined

/** https, or plain http on this machine; without credentials, query or fragment. */
const issuerAddress: Reading<string> = (text) => {
  const url = URL.parse(text)
  const safe =
    url !== null &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === "" &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
  return safe ? text : undefined
}

const line: Reading<string> = (text) => (/^[^\p{Cc}]{1,500}$/u.test(text) ? text : undefined)

/** The service's own configuration: the environment first, then the profile. Every problem at once. */
export const readHttpConfig = (
  env: Environment,
  profile: Profile = {}
): Result.Result<HttpConfig, ConfigInvalid> => {
  const problems: Array<Problem> = []
  const set = (key: HttpConfigKey): string | undefined => {
    const found = env[key]?.trim() ?? ""
    const value = found === "" && Object.hasOwn(profile, key) ? profile[key] : found
    if (typeof value === "number" || typeof value === "boolean") return String(value)
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined
  }
  const read = <A>(key: HttpConfigKey, reading: Reading<A>, expected: string): A | undefined => {
    const text = set(key)
    const value = text === undefined ? undefined : reading(text)
    if (text !== undefined && value === undefined)
      problems.push({ key, expected, found: text.replace(/\p{Cc}/gu, " ").slice(0, SHOWN) })
    return value
  }
  const number = (key: HttpConfigKey, least: number, most: number): number | undefined =>
    read(key, whole(least, most), `a whole number from ${least} to ${most}`)

  const oidc = readOidc(read, (key, expected) => problems.push({ key, expected, found: "nothing" }))
  const runnerHost = read("CAMPAIGNCTL_RUNNER_HOST", host, "an address or a host's name")
  const listenHost = read("CAMPAIGNCTL_RUNNER_LISTEN_HOST", host, "an address or a host's name")
  const config: HttpConfig = {
    host: read("CAMPAIGNCTL_HTTP_HOST", host, "an address or a host's name") ?? DEFAULT_HOST,
    port: number("CAMPAIGNCTL_HTTP_PORT", 0, LARGEST_PORT) ?? DEFAULT_PORT,
    requireIfMatch:
      read("CAMPAIGNCTL_REQUIRE_IF_MATCH", (text) => WORDS[text.toLowerCase()], "true or false") ??
      false,
    bodyLimit:
      number("CAMPAIGNCTL_HTTP_BODY_LIMIT", SMALLEST_BODY, LARGEST_BODY) ?? DEFAULT_BODY_LIMIT,
    ratePerMinute:
      number("CAMPAIGNCTL_HTTP_RATE_PER_MINUTE", 1, HIGHEST_RATE) ?? DEFAULT_RATE_PER_MINUTE,
    shutdownSeconds:
      number("CAMPAIGNCTL_SHUTDOWN_SECONDS", 0, LONGEST_SHUTDOWN) ?? DEFAULT_SHUTDOWN_SECONDS,
    runner: {
      port: number("CAMPAIGNCTL_RUNNER_PORT", 0, LARGEST_PORT) ?? DEFAULT_RUNNER_PORT,
      ...(runnerHost === undefined ? {} : { host: runnerHost }),
      ...(listenHost === undefined ? {} : { listenHost })
    },
    ...(oidc === undefined ? {} : { oidc })
  }
  return problems.length > 0 ? Result.fail(new ConfigInvalid({ problems })) : Result.succeed(config)
}

const readOidc = (
  read: (key: HttpConfigKey, reading: Reading<string>, expected: string) => string | undefined,
  missing: (key: HttpConfigKey, expected: string) => void
): OidcConfig | undefined => {
  const expected = "an https address without credentials, query or fragment"
  const issuer = read("CAMPAIGNCTL_OIDC_ISSUER", issuerAddress, expected)
  const audience = read("CAMPAIGNCTL_OIDC_AUDIENCE", line, "one line")
  const jwksUrl = read("CAMPAIGNCTL_OIDC_JWKS_URL", issuerAddress, expected)
  if (issuer === undefined) {
    if (audience !== undefined || jwksUrl !== undefined)
      missing("CAMPAIGNCTL_OIDC_ISSUER", "the issuer that the other values belong to")
    return undefined
  }
  if (audience === undefined) {
    missing("CAMPAIGNCTL_OIDC_AUDIENCE", "the audience, because an issuer is set")
    return undefined
  }
  return { issuer, audience, ...(jwksUrl === undefined ? {} : { jwksUrl }) }
}
