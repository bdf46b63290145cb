import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Simulator } from "@campaignctl/genesys-simulator"

/** Milliseconds for a program to say where it listens, on a machine that does much else. */
const START_PATIENCE_MS = 40_000

/** A folder of one's own, gone with its user. */
export const temporaryFolder = () => {
  const path = mkdtempSync(join(tmpdir(), "campaignctl-examples-"))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** The environment that a program needs to reach a simulator. */
export const environment = (
  { apiUrl, clientId, clientSecret, loginUrl }: Simulator,
  folder: string
): Readonly<Record<string, string>> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: folder,
  GENESYS_API_URL: apiUrl,
  GENESYS_LOGIN_URL: loginUrl,
  OAUTH_CLIENT_ID: clientId,
  OAUTH_CLIENT_SECRET: clientSecret,
  CAMPAIGNCTL_DATABASE_URL: `file:${join(folder, "ledger.db")}`,
  CAMPAIGNCTL_CALLING_WINDOW: "00:00-24:00 UTC"
})

/** Runs a program to its end: what it printed, and its exit code. */
export const ended = async (child: ChildProcess) => {
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data: Buffer) => {
      output += data.toString()
    })
  const [code]: ReadonlyArray<unknown> = await once(child, "close")
  return { code, output }
}

/** A port of this machine that nobody listens on. */
export const freePort = async (): Promise<number> => {
  const held = createServer().listen(0, "127.0.0.1")
  await once(held, "listening")
  const { port } = held.address() as AddressInfo // of a server that listens on TCP
  held.close()
  await once(held, "close")
  return port
}

/** Starts a program that serves HTTP, and waits until it says where. */
export const server = async (
  program: string,
  env: Readonly<Record<string, string>>,
  cwd?: string
) => {
  const child = spawn(process.execPath, [program], { env, cwd, stdio: ["ignore", "pipe", "pipe"] })
  const end = ended(child)
  const patience = setTimeout(() => child.kill("SIGKILL"), START_PATIENCE_MS)
  let said = ""
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (data: Buffer) => {
      said += data.toString()
      const found = /http:\/\/[\d.:]+/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    })
    void end.then(({ output }) => reject(new Error(`It ended at once: ${output}`)))
  }).finally(() => clearTimeout(patience))
  return {
    url,
    /** Tells it to end; its exit code and everything that it printed. */
    stop: () => {
      child.kill("SIGTERM")
      return end
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await end
    }
  }
}

/** Asks with JSON, and reads JSON. */
export const ask = async (url: string, body?: object) => {
  const answer = await fetch(
    url,
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body)
        }
  )
  // Every field that a test looks at is a text.
  const said = (await answer.json()) as Readonly<Record<string, string>>
  return { status: answer.status, body: said }
}
