import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const PROGRAM = `import { startPostgres } from "@campaignctl/postgres-server"
const server = await startPostgres()
const { createInterface } = await import("node:readline")
console.log(server.url)
for await (const _ of createInterface(process.stdin)) console.log(await server.newDatabase())
await server.stop()`

/** Whose own name it is. */
const folder = fileURLToPath(new URL("../../postgres", import.meta.url))

/** A PostgreSQL server in a process of its own, gone with its data when it goes out of scope. */
export const postgresProcess = async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"]
  })
  const exit = once(child, "close")
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const line = async (): Promise<string> => {
    const { done, value } = await lines.next()
    if (done === true) throw new Error("PostgreSQL did not start")
    return value
  }
  await line()
  return {
    newDatabase: () => {
      child.stdin.write("\n")
      return line()
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await exit
    }
  }
}
