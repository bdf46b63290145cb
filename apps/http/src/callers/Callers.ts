import { AuditUnavailable } from "@campaignctl/core"
import { Cause, Clock, Context, Effect, Exit, Layer, Option } from "effect"
import { withinPatience } from "../halt/withinPatience.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { partsOfKey, secretMatches } from "./apiKey.ts"
import type { Caller } from "./Caller.ts"
import { type KeyRecord, KeyStore } from "./KeyStore.ts"
import { allScopes } from "./Scope.ts"
import { RememberedKeys } from "./RememberedKeys.ts"
import { makeTokenCheck, type OidcConfig } from "./Tokens.ts"

/** Tells who calls. */
export class Callers extends Context.Service<
  Callers,
  {
    /** Whether whoever reaches the service may call it without a credential. */
    readonly open: boolean
    /**
     * @param authorization the header as it was sent
     * @param withoutDatabase whether a key that the database told of lately will do where it cannot be asked
     */
    readonly authenticate: (
      authorization: string | undefined,
      withoutDatabase?: boolean
    ) => Effect.Effect<Caller, HttpProblem | AuditUnavailable>
  }
>()("@campaignctl/http/Callers") {}

const refused = (detail: string) =>
  new HttpProblem({
    code: "UNAUTHENTICATED",
    detail,
    headers: { "www-authenticate": 'Bearer realm="campaignctl"' }
  })

/** One sentence for every way in which a credential may be wrong: which one it was helps only whoever guesses. */
const NOT_ACCEPTED = "The credential is not accepted."
/** Longest credential that is looked at, in characters: tokens have a few thousand. */
const LONGEST_CREDENTIAL = 8_192
const BEARER = /^Bearer +([\x21-\x7e]+)$/i

const isUsable = ({ expiresAt, revokedAt }: KeyRecord, now: number): boolean =>
  revokedAt === undefined && (expiresAt === undefined || now < Date.parse(expiresAt))

type KeyParts = NonNullable<ReturnType<typeof partsOfKey>>

const expiryOf = ({ expiresAt }: KeyRecord): number =>
  expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt)

const NO_ANSWER = new AuditUnavailable({
  detail: "The database of the API keys gives no answer.",
  changeMayHaveHappened: false
})

const callerOfKey = ({ divisionIds, id, name, scopes }: KeyRecord): Caller => ({
  id: `key:${id}`,
  requestedBy: `${name} (key ${id})`,
  scopes: new Set(scopes),
  ...(divisionIds === undefined ? {} : { divisionIds })
})

/** Every caller shows an API key, or a token of the issuer where there is one. */
export const callersGuarded = (
  oidc: OidcConfig | undefined
): Layer.Layer<Callers, never, KeyStore> =>
  Layer.effect(
    Callers,
    Effect.gen(function* () {
      const store = yield* KeyStore
      const remembered = new RememberedKeys()
      const checkToken = oidc === undefined ? undefined : makeTokenCheck(oidc)

      const byKey = Effect.fnUntraced(function* (parts: KeyParts) {
        const found = yield* store.find(parts.id)
        const now = yield* Clock.currentTimeMillis
        const matches = secretMatches(parts.secret, found?.kept)
        if (found === undefined || !isUsable(found.key, now)) remembered.forget(parts.id)
        if (!matches || found === undefined || !isUsable(found.key, now))
          return yield* refused(NOT_ACCEPTED)
        const caller = callerOfKey(found.key)
        remembered.remember(parts.id, caller, found.kept, expiryOf(found.key), now)
        // Only a note: a disk that is full must not keep anybody from looking. /readyz tells of it.
        yield* Effect.ignore(store.touch(found.key))
        return caller
      })

      /** As it was told lately, where the database cannot be asked or gives no answer in time. */
      const byKeyWithout = Effect.fnUntraced(function* (parts: KeyParts) {
        const exit = yield* withinPatience(byKey(parts))
        if (exit !== undefined && Exit.isSuccess(exit)) return exit.value
        const error =
          exit === undefined ? NO_ANSWER : Option.getOrUndefined(Cause.findErrorOption(exit.cause))
        const caller =
          error?._tag === "AuditUnavailable"
            ? remembered.callerOf(parts, yield* Clock.currentTimeMillis)
            : undefined
        return caller ?? (yield* exit ?? Effect.fail(NO_ANSWER))
      })

      return Callers.of({
        open: false,
        authenticate: Effect.fnUntraced(function* (authorization, withoutDatabase = false) {
          if (authorization === undefined) return yield* refused("No credential was sent.")
          const [, credential] =
            authorization.length > LONGEST_CREDENTIAL ? [] : (BEARER.exec(authorization) ?? [])
          if (credential === undefined) return yield* refused(NOT_ACCEPTED)
          const parts = partsOfKey(credential)
          if (parts !== undefined)
            return yield* withoutDatabase ? byKeyWithout(parts) : byKey(parts)
          if (checkToken === undefined) return yield* refused(NOT_ACCEPTED)
          return yield* Effect.mapError(checkToken(credential), (problem) =>
            problem.code === "UNAUTHENTICATED" ? refused(NOT_ACCEPTED) : problem
          )
        })
      })
    })
  )

/** Whoever reaches the service may do everything: for loopback alone. A credential that is sent is not looked at. */
export const callersOpen = (requestedBy: string): Layer.Layer<Callers> => {
  const caller: Caller = { id: "local", requestedBy, scopes: new Set(allScopes) }
  return Layer.succeed(Callers, { open: true, authenticate: () => Effect.succeed(caller) })
}
