import { writtenId } from "@campaignctl/core"
import { Effect } from "effect"
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from "jose"
import { HttpProblem } from "../problems/HttpProblem.ts"
import type { Caller } from "./Caller.ts"
import { allScopes } from "./Scope.ts"

/** Whose tokens are believed. */
export interface OidcConfig {
  readonly issuer: string
  readonly audience: string
  /** Where the issuer's keys are; found by discovery where absent. */
  readonly jwksUrl?: string
}

/** Signatures with a public key alone: with none of these can whoever reads the key also sign. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA"
]
/** Seconds by which clocks may differ. Source: RFC 7519, section 4.1.4, "no more than a few minutes". */
const CLOCK_TOLERANCE_S = 30
/** Milliseconds for the issuer to answer. */
const JWKS_TIMEOUT_MS = 5_000
/** Milliseconds between two looks for a key that is not known, so that false key ids cannot make us ask without end. */
const JWKS_COOLDOWN_MS = 5_000
/** Milliseconds after which the issuer's keys are read again, so that a withdrawn one stops being believed. */
const JWKS_MAX_AGE_MS = 600_000
/** The claim that binds a token to divisions. */
const DIVISIONS_CLAIM = "campaignctl_divisions"

const discovered = async ({ issuer }: OidcConfig): Promise<URL> => {
  const reply = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(JWKS_TIMEOUT_MS),
    redirect: "error"
  })
  const document: unknown = await reply.json()
  const url =
    typeof document === "object" && document !== null && "jwks_uri" in document
      ? document.jwks_uri
      : undefined
  if (!reply.ok || typeof url !== "string") throw new errors.JWKSInvalid("no jwks_uri")
  return new URL(url)
}

/** The issuer's keys, looked for at the first token; a look that failed is made again at the next. */
const keysOf = (oidc: OidcConfig): JWTVerifyGetKey => {
  let found: Promise<JWTVerifyGetKey> | undefined
  const look = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(
      oidc.jwksUrl === undefined ? await discovered(oidc) : new URL(oidc.jwksUrl),
      {
        timeoutDuration: JWKS_TIMEOUT_MS,
        cooldownDuration: JWKS_COOLDOWN_MS,
        cacheMaxAge: JWKS_MAX_AGE_MS
      }
    )
  return async (header, token) => {
    found ??= look().catch((cause: unknown) => {
      found = undefined
      throw cause
    })
    return (await found)(header, token)
  }
}

const words = (claim: unknown): ReadonlyArray<string> =>
  typeof claim === "string"
    ? claim.split(" ")
    : Array.isArray(claim)
      ? claim.filter((word) => typeof word === "string")
      : []

const callerOf = (payload: JWTPayload): Caller => {
  const granted = new Set([...words(payload["scope"]), ...words(payload["scp"])])
  const who = `${payload.sub ?? ""} (${payload.iss ?? ""})`
  return {
    id: `jwt:${who}`,
    requestedBy: who,
    scopes: new Set(allScopes.filter((scope) => granted.has(scope))),
    // A claim that is there but is no list binds to nothing: whoever set it meant to bind.
    ...(DIVISIONS_CLAIM in payload
      ? { divisionIds: words(payload[DIVISIONS_CLAIM]).map(writtenId) }
      : {})
  }
}

/** Errors that say something of the token. Any other says that the keys could not be had. */
const isOfToken = (cause: unknown): boolean =>
  cause instanceof errors.JOSEError &&
  !(cause instanceof errors.JWKSTimeout || cause instanceof errors.JWKSInvalid) &&
  cause.code !== "ERR_JOSE_GENERIC"

/** Checks tokens of one issuer: signature, issuer, audience, lifetime. */
export const makeTokenCheck = (
  oidc: OidcConfig
): ((token: string) => Effect.Effect<Caller, HttpProblem>) => {
  const keys = keysOf(oidc)
  return (token) =>
    Effect.tryPromise({
      try: () =>
        jwtVerify(token, keys, {
          issuer: oidc.issuer,
          audience: oidc.audience,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE_S,
          requiredClaims: ["exp", "sub"]
        }),
      catch: (cause) =>
        new HttpProblem({ code: isOfToken(cause) ? "UNAUTHENTICATED" : "IDENTITY_UNAVAILABLE" })
    }).pipe(Effect.map(({ payload }) => callerOf(payload)))
}
