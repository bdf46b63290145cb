import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from "axios"
import type { IncomingMessage } from "node:http"
import { TransportFailure } from "./Transport.ts"

/** Bytes of one reply at most, inflated. A page of a hundred campaigns is below 2 MB; this bounds memory. */
export const MAX_REPLY_BYTES = 32 * 1024 * 1024

/**
 * An axios adapter straight over Node's own HTTP: no redirects, no proxy, gzip alone.
 *
 * Axios' own adapter loads HTTP/2, TLS and every decompressor before its first request, and so costs
 * a command-line program more than the request does.
 */
export const nodeAdapter =
  (signal: AbortSignal): AxiosAdapter =>
  async (config) => {
    const url = new URL(config.url ?? "")
    // Importing node:http would read all its exports, one of which loads Node's whole fetch.
    const { request } = process.getBuiltinModule(
      url.protocol === "https:" ? "node:https" : "node:http"
    )
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, {
        method: (config.method ?? "get").toUpperCase(),
        headers: headersOf(config),
        signal
      })
        .on("error", reject)
        .on("response", resolve)
        .end(config.data)
    })
    const answer: AxiosResponse = {
      data: await textOf(reply),
      status: reply.statusCode ?? 0,
      statusText: reply.statusMessage ?? "",
      headers: flat(reply.headers),
      config
    }
    return answer
  }

const headersOf = ({ headers }: InternalAxiosRequestConfig): Record<string, string> => {
  const sent: Record<string, string> = { "Accept-Encoding": "gzip" }
  for (const [name, value] of Object.entries(headers.toJSON()))
    if (value !== undefined && value !== null) sent[name] = String(value)
  return sent
}

const flat = (headers: IncomingMessage["headers"]): Record<string, string> => {
  const all: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) all[name] = Array.isArray(value) ? value.join(", ") : value
  return all
}

const tooLarge = (): TransportFailure =>
  new TransportFailure("malformed-reply", `a server whose reply is over ${MAX_REPLY_BYTES} bytes`)

const textOf = async (reply: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  let bytes = 0
  // A connection that ends before the body does makes the iteration throw. Without an encoding set, chunks are buffers.
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_REPLY_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  return (reply.headers["content-encoding"] === "gzip" ? await inflated(body) : body).toString(
    "utf8"
  )
}

const inflated = (body: Buffer): Promise<Buffer> => {
  const { gunzip } = process.getBuiltinModule("node:zlib")
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: MAX_REPLY_BYTES }, (error, result) =>
      error === null
        ? resolve(result)
        : reject(new TransportFailure("malformed-reply", "a server whose gzip cannot be read"))
    )
  })
}
