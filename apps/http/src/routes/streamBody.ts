import { type Context, Effect, Stream } from "effect"

/**
 * A stream of text as a response's body: begun when it is first read, and pulled only as fast as the
 * client reads. When the client hangs up the stream ends; when the stream fails the connection is
 * cut, so that nobody takes half for the whole.
 *
 * @param onEnd called once, when nothing more will be read
 */
export const streamBody = <E, R>(
  text: Stream.Stream<string, E, R>,
  onEnd?: () => void
): Effect.Effect<ReadableStream<Uint8Array>, never, R> =>
  Effect.contextWith((context: Context.Context<R>) => {
    const chunks = Stream.toAsyncIterableWith(Stream.encodeText(text), context)[
      Symbol.asyncIterator
    ]()
    let ended = false
    const end = (): void => {
      if (!ended) onEnd?.()
      ended = true
    }
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          try {
            const next = await chunks.next()
            if (next.done !== true) return controller.enqueue(next.value)
            end()
            controller.close()
          } catch (error) {
            end()
            throw error
          }
        },
        cancel: async () => {
          end()
          await chunks.return?.()
        }
      },
      { highWaterMark: 0 }
    )
    return Effect.succeed(body)
  })
