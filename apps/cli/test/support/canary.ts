import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** The client secret of every simulator that the tests start: found anywhere else, it has leaked. */
export const CANARY_SECRET = "canary-7f3e9b1d-never-to-be-seen"

/** What every access token of the simulator looks like, and nothing else that is written. */
export const TOKEN_PATTERN = /[0-9a-f]{32}_[0-9a-f]{32}/

/** What every API key of the service looks like. */
const API_KEY = /cck_[0-9a-f]{16}_[\w-]{43}/
/** What every secret of a webhook looks like. */
const WEBHOOK_SECRET = /whsec_[\w+/=-]{16,}/

/** What is shown once, on stdout, to whoever asks for it: found in anything else that is printed, it has leaked. */
export const shownOnceIn = (text: string): ReadonlyArray<string> => [
  ...keysIn(text),
  ...(WEBHOOK_SECRET.exec(text) ?? [])
]

/** An API key as it is, which no file has; that of a webhook the database keeps, to sign with. */
export const keysIn = (text: string): ReadonlyArray<string> => [...(API_KEY.exec(text) ?? [])]

/** The password of a database's URL, as it stands there and as it is. */
export const passwordsOf = (url: string): ReadonlyArray<string> => {
  const password = URL.parse(url)?.password ?? ""
  return password === "" ? [] : [password, decodeURIComponent(password)]
}

/** The secret as HTTP's basic authentication would carry it. */
const encoded = (clientId: string): string =>
  Buffer.from(`${clientId}:${CANARY_SECRET}`).toString("base64")

/** What of a text must not be there. */
export const leaksIn = (text: string, clientId: string): ReadonlyArray<string> => [
  ...[CANARY_SECRET, encoded(clientId)].filter((secret) => text.includes(secret)),
  ...(TOKEN_PATTERN.exec(text) ?? [])
]

/** Every file below a directory, as Latin-1 text, so that each byte is looked at. */
export const bytesBelow = async (directory: string): Promise<ReadonlyArray<string>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")))
}
