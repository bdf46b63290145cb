import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** Secrets of the whole suite: none may ever be seen in what comes out of the service, or in its files. */
export const canaries = new Set<string>()

/** What every access token of the simulator looks like, and nothing else that is written. */
const TOKEN = /[0-9a-f]{32}_[0-9a-f]{32}/g
/** What every secret of a webhook looks like. The database keeps them, as it must; nothing else does. */
const WEBHOOK_SECRET = /whsec_[A-Za-z0-9+/=_-]{16,}/g

/** A secret as it is, as a URL has it, and as HTTP's basic authentication carries it behind the client's id. */
const formsOf = (secret: string, clientId: string): ReadonlyArray<string> => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(`${clientId}:${secret}`).toString("base64")
]

/** Every secret that a file of the service has, which may be those of webhooks alone. */
export const leaksAtRest = (text: string, clientId = ""): ReadonlyArray<string> => [
  ...[...canaries].filter(
    (secret) =>
      !secret.startsWith("whsec_") && formsOf(secret, clientId).some((form) => text.includes(form))
  ),
  ...(text.match(TOKEN) ?? [])
]

/** Every secret that a text tells. */
export const leaksIn = (text: string, clientId = ""): ReadonlyArray<string> => [
  ...leaksAtRest(text, clientId),
  ...(text.match(WEBHOOK_SECRET) ?? [])
]

/** Every file below a directory, as Latin-1 text, so that each byte is looked at. */
export const bytesBelow = async (directory: string): Promise<ReadonlyArray<string>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")))
}
