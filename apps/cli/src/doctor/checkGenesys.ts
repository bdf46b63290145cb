import type { Config, GatewayError } from "@campaignctl/core"
import type { Diagnosis, PermissionFinding } from "@campaignctl/genesys-cloud"
import { Effect, Result } from "effect"
import { durationText } from "../arguments/duration.ts"
import { ExitCode, exitCodeOf } from "../exit/ExitCode.ts"
import { failed, type Finding, ok, skipped, warning } from "./Finding.ts"

/**
 * Milliseconds by which our clock may differ from the server's. The Date header has whole seconds
 * and the reply travels, so that five say nothing; past a minute times in the audit mislead and
 * calling windows open at the wrong time.
 */
const SKEW_WARNING_MS = 5_000
const SKEW_FAILURE_MS = 60_000

/** The share of a rate limit's window that may be used before it is worth a warning. */
const BUSY_SHARE = 0.8

type Diagnoses = Diagnosis["Service"]

/** Looks at the connection to Genesys: token, clock, permissions, limits. */
export const checkGenesys = Effect.fnUntraced(function* (
  diagnosis: Diagnoses,
  config: Config
): Effect.fn.Return<ReadonlyArray<Finding>> {
  const token = yield* Effect.result(diagnosis.token)
  if (Result.isFailure(token))
    return [
      failure("token", token.failure),
      ...(["clock", "permissions", "limits"] as const).map((check) =>
        skipped(check, "Needs a token.")
      )
    ]
  const { clientId, loginUrl } = config.genesys
  return [
    ok("token", `${loginUrl} gave a token to the OAuth client ${clientId}.`),
    yield* clock(diagnosis),
    yield* permissions(diagnosis, config),
    yield* limits(diagnosis)
  ]
})

const failure = (check: Finding["check"], error: GatewayError): Finding =>
  failed(check, error.message, error.page.nextStep, exitCodeOf(error))

const clock = ({ clockSkewMs }: Diagnoses): Effect.Effect<Finding> =>
  Effect.match(clockSkewMs, {
    onFailure: (error) => failure("clock", error),
    onSuccess: (skew) => (skew === undefined ? noDate : judgedSkew(skew))
  })

const noDate = skipped("clock", "The server's replies carry no Date header.")

/** What a difference of the server's clock to ours, in milliseconds, means. */
const judgedSkew = (skewMs: number): Finding => {
  const size = Math.abs(skewMs)
  const detail = `This computer's clock is ${durationText(size)} ${skewMs > 0 ? "behind" : "ahead of"} the server's.`
  const action = "Let the clock be set by the network (NTP)."
  if (size > SKEW_FAILURE_MS) return failed("clock", detail, action, ExitCode.usage)
  if (size > SKEW_WARNING_MS) return warning("clock", detail, action)
  return ok(
    "clock",
    `This computer's clock and the server's agree within ${durationText(SKEW_WARNING_MS)}.`
  )
}

/** Permissions that only some configurations use, and whether this one does. */
const ONLY_WHERE: Readonly<Record<string, (config: Config) => boolean>> = {
  "routing:queue:view": ({ guards }) => guards.capacityScope === "all-queues",
  "outbound:callableTimeSet:view": ({ window }) => window._tag === "CampaignTimeSet"
}

/** Permissions whose work is done another way where they are missing, and how. */
const DONE_OTHERWISE: Readonly<Record<string, string>> = {
  "outbound:campaign:stop":
    "a halt pauses each campaign under its lock instead, which somebody else's edit can delay"
}

const permissions = (diagnosis: Diagnoses, config: Config): Effect.Effect<Finding> =>
  Effect.match(diagnosis.permissions, {
    onFailure: (error) => failure("permissions", error),
    onSuccess: (found) => {
      if (found === undefined)
        return skipped("permissions", "The ETag contract does not tell which are granted.")
      const missing = found.filter(({ granted }) => !granted)
      const used = missing.filter(({ permission }) => ONLY_WHERE[permission]?.(config) ?? true)
      const needed = used.filter(({ permission }) => !(permission in DONE_OTHERWISE))
      if (needed.length > 0)
        return failed(
          "permissions",
          `The OAuth client lacks ${listed(used)}.`,
          GRANT,
          ExitCode.authentication
        )
      if (used.length > 0)
        return warning("permissions", `The OAuth client lacks ${listed(used)}.`, GRANT)
      return missing.length > 0
        ? ok(
            "permissions",
            `All that this configuration needs are granted; not granted and not needed: ${listed(missing)}.`
          )
        : ok("permissions", `All ${found.length} that any configuration needs are granted.`)
    }
  })

const GRANT = "Grant what is missing to a role of the OAuth client, in the campaigns' divisions."

const listed = (missing: ReadonlyArray<PermissionFinding>): string =>
  missing
    .map(({ neededFor, permission }) => {
      const otherwise = DONE_OTHERWISE[permission]
      return `${permission} (${neededFor}${otherwise === undefined ? "" : `: without it ${otherwise}`})`
    })
    .join(", ")

const limits = ({ budget }: Diagnoses): Effect.Effect<Finding> =>
  Effect.map(budget, (seen) => {
    if (seen === undefined) return skipped("limits", "The server's replies carry no rate limit.")
    const { allowed, resetsInMs, used } = seen
    const detail = `${used} of ${allowed} requests of this window are used; the next begins in ${durationText(resetsInMs)}.`
    return used >= allowed * BUSY_SHARE
      ? warning(
          "limits",
          detail,
          "Find out which other program uses this OAuth client, or give this one a client of its own."
        )
      : ok("limits", detail)
  })
