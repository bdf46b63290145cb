import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const LAUNCHER = fileURLToPath(new URL("../../bin/campaignctl.mjs", import.meta.url))

/** What a command left behind. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly done: Promise<Ran>
  /** Resolves when stderr has matched; rejects when the command ends first. */
  readonly sawOnStderr: (pattern: RegExp) => Promise<void>
}

export type Env = Readonly<Record<string, string>>

/** How a command is started. */
export interface StartOptions {
  /** Take from root the right to pass over permissions, so that they hold it back like any other user. */
  readonly heldBack?: boolean
  /** What a shell does before it becomes the command, such as setting a limit. */
  readonly shellFirst?: string
}

const HOLD_BACK = "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-all"

const invocation = (
  words: ReadonlyArray<string>,
  { heldBack = false, shellFirst = ":" }: StartOptions
): readonly [string, ReadonlyArray<string>] => {
  const holdBack = heldBack && process.getuid?.() === 0 ? HOLD_BACK : ""
  const script = `${shellFirst}; exec ${holdBack} "$@"`
  return ["/bin/sh", ["-c", script, "sh", process.execPath, LAUNCHER, ...words]]
}

/** Starts the built program, as a person would, with nothing of this process's environment but the path. */
export const start = (
  words: ReadonlyArray<string>,
  env: Env,
  options: StartOptions = {}
): Running => {
  const [program, args] = invocation(words, options)
  const child = spawn(program, args, {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let stdout = ""
  let stderr = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
  const done = new Promise<Ran>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (exitCode, signal) => resolve({ stdout, stderr, exitCode, signal }))
  })
  const sawOnStderr = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (pattern.test(stderr)) resolve()
      }
      child.stderr.on("data", look)
      void done.then(() => reject(new Error(`Ended before ${pattern.source}: ${stderr}`)))
      look()
    })
  return { child, done, sawOnStderr }
}
