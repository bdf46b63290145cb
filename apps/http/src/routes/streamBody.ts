import { type Effect, Stream } from "effect"

/**
 * A stream of text as a response's body: pulled only as fast as the client reads. When the client
 * hangs up the stream ends; when the stream fails the connection is cut, so that nobody takes half
 * for the whole.
 */
export const streamBody = <E, R>(
  text: Stream.Stream<string, E, R>
): Effect.Effect<ReadableStream<Uint8Array>, never, R> =>
  Stream.toReadableStreamEffect(Stream.encodeText(text), {
    strategy: new CountQueuingStrategy({ highWaterMark: 1 })
  })
