/** Sends one message to the address that it is given, and prints the status of the answer. */
import { Effect, Layer, Result } from "effect"
import { parseAllowList } from "../../src/address/AllowList.ts"
import { resolverLive, Transport } from "../../src/index.ts"
import { httpTransport } from "../../src/transport/httpTransport.ts"

const [url = ""] = process.argv.slice(2)
const allow = Result.getOrThrow(parseAllowList("127.0.0.1"))

Effect.runPromise(
  Transport.use(({ send }) => send({ url, headers: {}, body: "{}" })).pipe(
    Effect.provide(Layer.provide(httpTransport({ allow }), resolverLive))
  )
).then(
  ({ status }) => console.log(status),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  }
)
