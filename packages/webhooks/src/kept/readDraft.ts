import { decodeOrProblems, type Problem, RequestInvalid } from "@campaignctl/core"
import { Effect, type Redacted, Result, type Schema } from "effect"
import type { AllowList } from "../address/AllowList.ts"
import { checkedAddresses } from "../address/checkedAddresses.ts"
import { receiverOf, shownReceiver } from "../address/Receiver.ts"
import type { Resolver } from "../address/Resolver.ts"
import { isSecret } from "../delivery/secrets.ts"
import { ReceiverRefused } from "../domain/errors.ts"

/** Reads what nobody has looked at yet; fails with every problem. Neither an address is repeated nor what has no place here, such as a secret. */
export const readAs =
  <A>(schema: Schema.Decoder<A>) =>
  (value: unknown): Effect.Effect<A, RequestInvalid> =>
    Result.match(decodeOrProblems(schema)(value), {
      onSuccess: Effect.succeed,
      onFailure: (problems) =>
        Effect.fail(new RequestInvalid({ problems: problems.map(withoutSecrets) }))
    })

/** The parts that hold nothing secret, each with what is in it. */
const OPEN = /^(?:eventTypes|filter|retryForMs|enabled)(?:$|[.[])/

const withoutSecrets = (problem: Problem): Problem =>
  OPEN.test(problem.key)
    ? problem
    : { ...problem, found: problem.found === "nothing" ? "nothing" : "something else" }

/** Refuses a secret that receivers' libraries would not take. */
export const checkSecret = (secret: Redacted.Redacted): Effect.Effect<void, RequestInvalid> =>
  isSecret(secret)
    ? Effect.void
    : Effect.fail(
        new RequestInvalid({
          problems: [
            {
              key: "secret",
              expected: "whsec_ and base64 of 24 to 64 bytes",
              found: "something else"
            }
          ]
        })
      )

/** Refuses an address to which nothing may be sent. `resolving`: where its name leads now counts too. */
export const checkReceiver = Effect.fnUntraced(function* (
  url: string,
  allow: AllowList,
  resolving: boolean
): Effect.fn.Return<void, ReceiverRefused, Resolver> {
  const refused = (why: string) => new ReceiverRefused({ receiver: shownReceiver(url), why })
  const receiver = receiverOf(url, allow)
  if (Result.isFailure(receiver)) return yield* refused(receiver.failure)
  if (resolving) yield* Effect.mapError(checkedAddresses(receiver.success, allow), refused)
})
