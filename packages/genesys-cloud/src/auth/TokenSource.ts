import { type GatewayError } from "@campaignctl/core"
import { Clock, Deferred, Effect, Redacted, type Scope } from "effect"
import type { Granted } from "./tokenReply.ts"

/** A token is renewed so many milliseconds before it expires. Source: the described contract's numbers. */
const RENEWED_BEFORE_EXPIRY_MS = 60_000

/** Gives the token that requests are sent with. */
export interface TokenSource {
  /** The token held, or a new one where none is held or it is about to expire. */
  readonly current: Effect.Effect<Redacted.Redacted<string>, GatewayError>
  /** A token other than the one that was refused. */
  readonly instead: (
    refused: Redacted.Redacted<string>
  ) => Effect.Effect<Redacted.Redacted<string>, GatewayError>
}

interface Held {
  readonly token: Redacted.Redacted<string>
  readonly renewAt: number
}

/**
 * Caches a token until `RENEWED_BEFORE_EXPIRY_MS` before it expires; one that lives no longer than
 * that is renewed at half its life.
 *
 * Concurrent callers share one renewal. It runs in the scope and not in the caller that began it,
 * so that a caller which is interrupted takes nothing from the others. A failed renewal fails
 * those who waited for it and is not remembered.
 */
export const makeTokenSource = (
  request: Effect.Effect<Granted, GatewayError>,
  scope: Scope.Scope
): TokenSource => {
  let held: Held | undefined
  let renewal: Deferred.Deferred<Redacted.Redacted<string>, GatewayError> | undefined

  const renew = Effect.gen(function* () {
    const { livesMs, token } = yield* request
    const now = yield* Clock.currentTimeMillis
    const margin = livesMs > RENEWED_BEFORE_EXPIRY_MS ? RENEWED_BEFORE_EXPIRY_MS : livesMs / 2
    held = { token: Redacted.make(token), renewAt: now + livesMs - margin }
    return held.token
  })

  const join = Effect.suspend(() => {
    if (renewal !== undefined) return Deferred.await(renewal)
    const started = Deferred.makeUnsafe<Redacted.Redacted<string>, GatewayError>()
    renewal = started
    return renew.pipe(
      Effect.onExit((exit) => {
        renewal = undefined
        return Deferred.done(started, exit)
      }),
      Effect.forkIn(scope),
      // Begun and not forked is a renewal that everybody would wait for in vain.
      Effect.uninterruptible,
      Effect.andThen(Deferred.await(started))
    )
  })

  return {
    current: Effect.flatMap(Clock.currentTimeMillis, (now) =>
      held !== undefined && now < held.renewAt ? Effect.succeed(held.token) : join
    ),
    instead: (refused) =>
      Effect.suspend(() => {
        if (held !== undefined && held.token !== refused) return Effect.succeed(held.token)
        held = undefined
        return join
      })
  }
}
