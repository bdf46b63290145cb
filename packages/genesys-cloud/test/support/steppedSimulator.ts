import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { layerOver } from "../../src/layer.ts"
import { openWebSocket } from "../../src/notifications/openWebSocket.ts"
import type { OpenSocket } from "../../src/notifications/Socket.ts"
import { makeAxiosTransport } from "../../src/wire/axiosTransport.ts"
import type { Transport } from "../../src/wire/Transport.ts"
import { optionsFor, Simulated } from "./simulated.ts"

/** Turns of the event loop in which nothing is under way before nothing is. */
const QUIET_TURNS = 20
/** Turns that are waited for something to come over a socket: far more than it ever takes. */
const PATIENT_TURNS = 20_000

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))

/** Requests and sockets that are being opened, so that no time passes meanwhile. */
class UnderWay {
  #count = 0

  transport(transport: Transport): Transport {
    return async (request, signal) => {
      this.#count += 1
      try {
        return await transport(request, signal)
      } finally {
        this.#count -= 1
      }
    }
  }

  readonly open: OpenSocket = (address) =>
    Effect.acquireUseRelease(
      Effect.sync(() => void (this.#count += 1)),
      () => openWebSocket(address),
      () => Effect.sync(() => void (this.#count -= 1))
    )

  async quiet(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await turn()
      if (this.#count > 0) quiet = 0
    }
  }
}

/** The platform's services over a simulator whose time goes with the test's clock, and the two together. */
export const stepped = Effect.map(Simulated, (running) => {
  const underWay = new UnderWay()
  const layer = layerOver(
    optionsFor(running, "platform"),
    Effect.promise(async () => underWay.transport(await makeAxiosTransport())),
    underWay.open
  ).pipe(Layer.fresh)
  const quiet = Effect.promise(() => underWay.quiet())

  /** Lets time pass in steps, of milliseconds, until this is true. */
  const pass = Effect.fnUntraced(function* (
    millis: number,
    step = 5_000,
    until: () => boolean = () => false
  ) {
    yield* quiet
    for (let passed = 0; passed < millis && !until(); passed += step) {
      yield* Effect.promise(() => running.control.advance(step / 1_000))
      yield* quiet
      yield* TestClock.adjust(step)
      yield* quiet
    }
  })

  /** Waits, while no time passes, for what is on its way over a socket. */
  const arrives = (there: () => boolean) =>
    Effect.promise(async () => {
      for (let turns = 0; turns < PATIENT_TURNS && !there(); turns++) await turn()
      return there()
    })
  return { layer, pass, arrives, control: running.control, underWay }
})
