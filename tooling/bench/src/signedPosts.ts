import { Agent, request } from "node:http"
import type { Webhook } from "standardwebhooks"

/** Requests to one receiver at once: as many as the product makes. */
const AT_ONCE = 16
const MILLIS_PER_SECOND = 1_000

/** One signed POST over a connection of its own, as the product makes it, and nothing beside. */
const post = (url: string, id: string, body: string, key: Webhook): Promise<void> =>
  new Promise((resolve, reject) => {
    const at = new Date()
    const sent = request(url, {
      agent: new Agent({ keepAlive: false }),
      method: "POST",
      headers: {
        "content-type": "application/cloudevents+json",
        "content-length": Buffer.byteLength(body),
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / MILLIS_PER_SECOND)),
        "webhook-signature": key.sign(id, at, body)
      }
    })
    sent.on("response", (answer) => answer.resume().on("close", resolve))
    sent.on("error", reject)
    sent.end(body)
  })

/** The bare loop: so many messages to each receiver, none of them written down anywhere. */
export const postAll = async (
  urls: ReadonlyArray<string>,
  body: string,
  keys: ReadonlyArray<Webhook>,
  messages: number
): Promise<void> => {
  const lanes = urls.flatMap((url, index) => {
    const key = keys[index]
    if (key === undefined) throw new Error("a receiver has no secret")
    let next = 0
    return Array.from({ length: AT_ONCE }, async () => {
      while (next < messages) await post(url, `message-${next++}`, body, key)
    })
  })
  await Promise.all(lanes)
}
