import { lookup } from "node:dns/promises"
import { promises } from "node:dns"
import { Context, Effect, Layer } from "effect"

/** Milliseconds for one question, and questions until a name server is given up. */
const QUESTION_MS = 2_000
const QUESTIONS = 2

/** Tells the addresses of a name. Asked anew for every connection. */
export class Resolver extends Context.Service<
  Resolver,
  {
    /**
     * All addresses, or a sentence on why there are none. `dns`: by the name servers alone, which keeps
     * nobody else waiting. `system`: as every other program on this machine finds them, its own list of
     * hosts included; for the names that the allow list trusts.
     */
    readonly addresses: (
      host: string,
      by: "dns" | "system"
    ) => Effect.Effect<ReadonlyArray<string>, string>
  }
>()("@campaignctl/webhooks/Resolver") {}

const found = (host: string, addresses: ReadonlyArray<string>) =>
  addresses.length > 0
    ? Effect.succeed(addresses)
    : Effect.fail(`${host} cannot be resolved to an address.`)

/** Asks the system for all addresses of a name. */
type AskSystem = (host: string) => Promise<ReadonlyArray<{ readonly address: string }>>

const askSystem: AskSystem = (host) => lookup(host, { all: true })

/**
 * One question about a host at a time; whoever asks meanwhile is given the same answer. The system's
 * questions take one of a few threads each, until they are answered and not until somebody gives up, so
 * that a name that answers slowly would keep everything else in this process waiting for a thread:
 * other receivers, and requests to Genesys.
 */
const oneAtATime = (ask: AskSystem): AskSystem => {
  const asking = new Map<string, ReturnType<AskSystem>>()
  return (host) => {
    const before = asking.get(host)
    if (before !== undefined) return before
    const now = ask(host).finally(() => asking.delete(host))
    asking.set(host, now)
    return now
  }
}

/** Asks the name servers that it is given, or those of the system; and the system by `ask`. */
export const resolverOver = (
  servers?: ReadonlyArray<string>,
  ask: AskSystem = askSystem
): Resolver["Service"] => {
  const system = oneAtATime(ask)
  return { addresses: addressesOver(system, servers) }
}

const addressesOver =
  (system: AskSystem, servers?: ReadonlyArray<string>): Resolver["Service"]["addresses"] =>
  (host, by) => {
    if (by === "system")
      return Effect.flatMap(
        Effect.tryPromise({
          try: () => system(host),
          catch: () => `${host} cannot be resolved to an address.`
        }),
        (all) =>
          found(
            host,
            all.map(({ address }) => address)
          )
      )
    const resolver = new promises.Resolver({ timeout: QUESTION_MS, tries: QUESTIONS })
    if (servers !== undefined) resolver.setServers(servers)
    // A name may have addresses of one family alone; that is told as an error of the other.
    const family = (ask: (name: string) => Promise<ReadonlyArray<string>>) =>
      Effect.orElseSucceed(
        Effect.tryPromise(() => ask(host)),
        (): ReadonlyArray<string> => []
      )
    return Effect.all(
      [family((name) => resolver.resolve4(name)), family((name) => resolver.resolve6(name))],
      { concurrency: 2 }
    ).pipe(
      Effect.onInterrupt(() => Effect.sync(() => resolver.cancel())),
      Effect.flatMap((families) => found(host, families.flat()))
    )
  }

/** The system's own name servers and list of hosts. */
export const resolverLive: Layer.Layer<Resolver> = Layer.succeed(Resolver, resolverOver())
