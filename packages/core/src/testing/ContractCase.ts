import { Effect, Equal, Formatter, Schema } from "effect"

/**
 * One promise of a port, as a program that fails where an adapter breaks it.
 *
 * Core imports `effect` alone, so a suite is data: an adapter's own tests hand each case to whatever
 * test runner they use, with a fresh layer of the adapter per case.
 *
 * @example
 * for (const { name, run } of auditLogContract) it.effect(name, () => run.pipe(Effect.provide(MyAuditLog)))
 */
export interface ContractCase<Port> {
  readonly name: string
  readonly run: Effect.Effect<void, unknown, Port>
}

/** The adapter does not keep the promise. The message says what was seen instead. */
export class ContractBroken extends Schema.TaggedError<ContractBroken>()("ContractBroken", {
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
}

/** Fails with the sentence where the condition does not hold. */
export const holds = (condition: boolean, detail: string): Effect.Effect<void, ContractBroken> =>
  condition ? Effect.void : Effect.fail(new ContractBroken({ detail }))

/** Fails where the two differ in structure; `what` names the thing that was looked at. */
export const same = (
  what: string,
  actual: unknown,
  expected: unknown
): Effect.Effect<void, ContractBroken> =>
  holds(
    Equal.equals(actual, expected),
    `${what}: expected ${Formatter.format(expected)}, found ${Formatter.format(actual)}`
  )

/** Fails where the effect succeeds; returns its error otherwise. */
export const fails = <A, E, R>(
  what: string,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<E, ContractBroken, R> =>
  Effect.flatMap(Effect.result(effect), (result) =>
    result._tag === "Failure"
      ? Effect.succeed(result.failure)
      : Effect.fail(new ContractBroken({ detail: `${what}: expected a failure, found success` }))
  )
