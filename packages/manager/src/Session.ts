import { type CampaignctlError as CoreError, settle, type TransitionPorts } from "@campaignctl/core"
import type { WebhookRegistration } from "@campaignctl/genesys-cloud"
import { Cause, Context, type Effect, Exit, type Layer, ManagedRuntime, Stream } from "effect"
import { AbortedError, ManagerClosedError } from "./errors/callErrors.ts"
import { errorOfThrown } from "./errors/errorOf.ts"
import { settledReport } from "./plain.ts"
import type { SettledReport } from "./shapes.ts"

/** Who asks, where a call does not say so itself; and where webhooks go. */
export class Defaults extends Context.Service<
  Defaults,
  { readonly requestedBy: string; readonly webhookUrl: string | undefined }
>()("@campaignctl/manager/Defaults") {}

/** What a manager is built on. */
export type Ports = TransitionPorts | WebhookRegistration | Defaults

/** Ports that may still fail to come up. */
export type PortsLayer = Layer.Layer<Ports, CoreError>

interface Started {
  readonly runtime: ManagedRuntime.ManagedRuntime<Ports, CoreError>
  readonly settled: ReadonlyArray<SettledReport>
}

/**
 * The life of one manager's ports: opened once, by `initialize` or on first use; closed once, when
 * every call has ended.
 */
export class Session {
  readonly #layer: PortsLayer
  readonly #running = new Set<Promise<unknown>>()
  readonly #iterators = new Set<AsyncIterator<unknown>>()
  readonly #cutShort = new AbortController()
  #started: Promise<Started> | undefined
  #closing: Promise<void> | undefined

  constructor(layer: PortsLayer) {
    this.#layer = layer
  }

  /** @throws {ManagerClosedError} */
  assertOpen(): void {
    if (this.#closing !== undefined) throw new ManagerClosedError()
  }

  /**
   * Opens the ports and settles what earlier processes left open; once, however many ask. A caller
   * whose signal is aborted stops waiting while the opening goes on for the others. After a failure
   * the next caller tries afresh.
   */
  initialize(signal?: AbortSignal): Promise<ReadonlyArray<SettledReport>> {
    return this.#track(async () => (await this.#start(signal)).settled)
  }

  /** Runs one program over the ports. */
  run<A>(program: Effect.Effect<A, CoreError, Ports>, signal?: AbortSignal): Promise<A> {
    return this.#track(async () => {
      const { runtime } = await this.#start(signal)
      return this.#valueOf(
        await runtime.runPromiseExit(program, { signal: this.#orCutShort(signal) }),
        signal
      )
    })
  }

  /** The elements of a stream over the ports, pulled only as the consumer asks for them. */
  async *iterate<A>(
    stream: Stream.Stream<A, CoreError, Ports>,
    signal?: AbortSignal
  ): AsyncGenerator<A, void, undefined> {
    const context = await this.#track(async () => (await this.#start(signal)).runtime.context())
    const iterator = Stream.toAsyncIterableWith(stream, context)[Symbol.asyncIterator]()
    this.#iterators.add(iterator)
    try {
      while (true) {
        const next = await this.#track(() => this.#pull(iterator, signal))
        if (next.done === true) return
        yield next.value
      }
    } finally {
      this.#iterators.delete(iterator)
      await iterator.return?.()
    }
  }

  /** Takes no more calls, waits for those that run, then closes the ports. An aborted signal ends the waiting and the calls. */
  async close(signal?: AbortSignal): Promise<void> {
    const cut = () => this.#cutShort.abort()
    if (signal?.aborted === true) cut()
    signal?.addEventListener("abort", cut, { once: true })
    try {
      await (this.#closing ??= this.#shut())
    } finally {
      signal?.removeEventListener("abort", cut)
    }
  }

  async #shut(): Promise<void> {
    await Promise.allSettled(this.#running)
    await Promise.allSettled([...this.#iterators].map(async (iterator) => iterator.return?.()))
    const [started] = await Promise.allSettled([this.#started])
    if (started.status === "fulfilled") await started.value?.runtime.dispose()
  }

  async #track<A>(call: () => Promise<A>): Promise<A> {
    this.assertOpen()
    const running = call()
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  async #start(signal: AbortSignal | undefined): Promise<Started> {
    assertNotAborted(signal)
    return unlessAborted((this.#started ??= this.#open()), signal)
  }

  async #open(): Promise<Started> {
    const runtime = ManagedRuntime.make(this.#layer)
    const exit = await runtime.runPromiseExit(settle, { signal: this.#cutShort.signal })
    if (Exit.isFailure(exit)) {
      await runtime.dispose()
      this.#started = undefined
    }
    return { runtime, settled: this.#valueOf(exit, undefined).map(settledReport) }
  }

  async #pull<A>(
    iterator: AsyncIterator<A>,
    signal: AbortSignal | undefined
  ): Promise<IteratorResult<A>> {
    assertNotAborted(signal)
    const either = this.#orCutShort(signal)
    const end = () => void iterator.return?.()
    either.addEventListener("abort", end, { once: true })
    try {
      const next = await iterator.next()
      assertNotAborted(signal)
      if (either.aborted) throw new ManagerClosedError()
      return next
    } catch (error) {
      throw errorOfThrown(error)
    } finally {
      either.removeEventListener("abort", end)
    }
  }

  #orCutShort(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined
      ? this.#cutShort.signal
      : AbortSignal.any([signal, this.#cutShort.signal])
  }

  /** The value of an exit. @throws what it failed with, as an error of this package. */
  #valueOf<A>(exit: Exit.Exit<A, CoreError>, signal: AbortSignal | undefined): A {
    if (Exit.isSuccess(exit)) return exit.value
    if (!Cause.hasInterruptsOnly(exit.cause)) throw errorOfThrown(Cause.squash(exit.cause))
    assertNotAborted(signal)
    throw new ManagerClosedError()
  }
}

const assertNotAborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw new AbortedError(signal.reason)
}

/** Waits for the promise, or for the abort. */
const unlessAborted = <A>(promise: Promise<A>, signal: AbortSignal | undefined): Promise<A> =>
  signal === undefined
    ? promise
    : new Promise((resolve, reject) => {
        const abort = () => reject(new AbortedError(signal.reason))
        signal.addEventListener("abort", abort, { once: true })
        promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort))
      })
