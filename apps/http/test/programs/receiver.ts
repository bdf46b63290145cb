/**
 * A receiver of webhooks in a process of its own: verifies each message with the specification's own
 * library, writes down what it got, and answers then. Told by one argument, a `ReceiverTask` in JSON;
 * says where it listens in one line.
 */
import { appendFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import { Webhook } from "standardwebhooks"
import type { Got, ReceiverTask } from "../support/Receiver.ts"

/** What a receiver answers that has taken a message, and one that does not believe it. */
const TAKEN = 204
const REFUSED = 401

const task: ReceiverTask = JSON.parse(process.argv[2] ?? "")
const webhook = new Webhook(task.secret)

const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk)
  const at = Date.now()
  const body = Buffer.concat(chunks).toString()
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  )
  const got: Got = {
    at,
    id: headers["webhook-id"] ?? "",
    source: headers["x-genesys-source"] ?? ""
  }
  try {
    const event = webhook.verify(body, headers)
    appendFileSync(task.file, `${JSON.stringify({ ...got, event })}\n`)
  } catch (error) {
    appendFileSync(task.file, `${JSON.stringify({ ...got, refused: String(error) })}\n`)
    response.writeHead(REFUSED).end()
    return
  }
  await delay(task.answerAfterMs)
  response.writeHead(TAKEN).end()
}

const server = createServer((request, response) => {
  // A message whose sender was killed in its middle is none.
  take(request, response).catch(() => response.destroy())
})

server.listen(task.port, "127.0.0.1", () => {
  const address = server.address()
  if (typeof address === "object") process.stdout.write(`listens on ${address?.port}\n`)
})
