import { Effect } from "effect"
import { type AllowList, namesAddress } from "./AllowList.ts"
import { notPublic } from "./publicAddress.ts"
import type { Receiver } from "./Receiver.ts"
import { Resolver } from "./Resolver.ts"

/**
 * The addresses that a connection to a receiver may be made to, and to no others: those that its name
 * leads to now. One of them that may not be reached is enough to refuse them all.
 */
export const checkedAddresses = Effect.fnUntraced(function* (
  { host, isAddress, isNamed }: Receiver,
  allow: AllowList
): Effect.fn.Return<ReadonlyArray<string>, string, Resolver> {
  const { addresses } = yield* Resolver
  if (isAddress) return [host]
  const all = yield* addresses(host, isNamed ? "system" : "dns")
  for (const address of isNamed ? [] : all) {
    const is = namesAddress(allow, address) ? undefined : notPublic(address)
    if (is !== undefined) return yield* Effect.fail(`${host} leads to ${address}, ${is}.`)
  }
  return all
})
