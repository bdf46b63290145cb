import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"

/** Milliseconds for a program to end after it was told to; then it is ended. */
const END_PATIENCE_MS = 3_000
/** Milliseconds for the simulator to say that it is ready: it takes a fraction of a second on a quiet machine. */
const READY_PATIENCE_MS = 20_000

/** How a child ended: with its exit code, or undefined by a signal. */
export const ended = (child: ChildProcess): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode ?? undefined)
    child.once("error", reject)
    child.once("exit", (code) => resolve(code ?? undefined))
  })

/** Tells a child to end and waits until it has. */
export const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = ended(child)
  child.kill("SIGTERM")
  const impatient = setTimeout(() => child.kill("SIGKILL"), END_PATIENCE_MS)
  await gone
  clearTimeout(impatient)
}

/** Starts this program once more, with other words. */
export const startSelf = (
  launcher: string,
  words: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv,
  output: "inherit" | "pipe"
): ChildProcess =>
  spawn(process.execPath, [launcher, ...words], { env, stdio: ["ignore", output, "inherit"] })

/** The first line that a child writes. */
export const firstLine = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error("The child's output is not read here.")
  const lines = createInterface({ input: child.stdout })
  const late = setTimeout(() => child.kill("SIGTERM"), READY_PATIENCE_MS)
  try {
    for await (const line of lines) return line
  } finally {
    clearTimeout(late)
    lines.close()
  }
  throw new Error("The simulator ended before it was ready.")
}
