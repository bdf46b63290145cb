import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ChildProcess } from "node:child_process"
import { configPages, type ConfigPage } from "@campaignctl/core"
import { ControlClient, type SimulatorReady } from "@campaignctl/genesys-simulator"
import { ExitCode } from "../exit/ExitCode.ts"
import { processTerminal } from "../terminal/processTerminal.ts"
import type { TerminalShape } from "../terminal/Terminal.ts"
import { end, ended, firstLine, startSelf } from "./childProcess.ts"
import { commandLine } from "./commandLine.ts"
import type { Step } from "./Step.ts"
import { stepsFor } from "./steps.ts"

/** Signals that end the demonstration early, and the exit code of each. */
const ENDINGS = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  SIGHUP: ExitCode.terminated
} as const

/** The whole day, so that the demonstration runs at any hour. */
const ALWAYS_OPEN = "00:00-24:00 UTC"

/**
 * The main job end to end: real commands, each a process of its own, against a simulator that is
 * another one, over real sockets. Every result that is shown is the command's own output.
 */
export const demo = async (
  launcher: string,
  { trace }: { readonly trace: boolean }
): Promise<number> => {
  const terminal = processTerminal({
    format: "table",
    quiet: false,
    colour: true,
    env: process.env
  })
  const children = new Set<ChildProcess>()
  let ending: keyof typeof ENDINGS | undefined
  const onSignal = (signal: keyof typeof ENDINGS): void => {
    ending ??= signal
    for (const child of children) child.kill("SIGTERM")
  }
  const signals = Object.keys(ENDINGS) as ReadonlyArray<keyof typeof ENDINGS> // the keys of a literal are its type's
  for (const signal of signals) process.on(signal, onSignal)
  const directory = await mkdtemp(join(tmpdir(), "campaignctl-demo-"))
  const follow = (child: ChildProcess): ChildProcess => {
    children.add(child)
    child.once("exit", () => children.delete(child))
    return child
  }
  try {
    const base = cleanEnvironment(process.env)
    const simulator = follow(
      startSelf(launcher, ["simulator", "--json", "--port", "0"], base, "pipe")
    )
    // The simulator is this very version, whose line this type describes.
    const ready = JSON.parse(await firstLine(simulator)) as SimulatorReady
    const env = {
      ...base,
      ...connection(ready),
      CAMPAIGNCTL_DATABASE_URL: `file:${directory}/ledger.db`
    }
    const control = new ControlClient(ready.controlUrl)
    terminal.out.write(
      `A local Genesys Cloud runs at ${ready.apiUrl}, as a process of its own. Everything below is what the commands print.\n`
    )
    for (const step of stepsFor(ready, new Date(), trace)) {
      const exitCode = await run(step, control, terminal, (words, own) =>
        ended(follow(startSelf(launcher, words, { ...env, ...own }, "inherit")))
      )
      if (ending !== undefined) break
      if (exitCode !== step.expected) return unexpected(step, exitCode, terminal)
    }
    if (ending === undefined) terminal.out.write(afterword(terminal))
  } catch (error) {
    // A child that was ended early fails in its own way; the signal is what counts then.
    if (ending === undefined) throw error
  } finally {
    await Promise.all([...children].map(end))
    await rm(directory, { recursive: true, force: true })
    for (const signal of signals) process.off(signal, onSignal)
  }
  return ending === undefined ? ExitCode.done : ENDINGS[ending]
}

const pages: ReadonlyArray<ConfigPage> = configPages

/** The environment without any configuration of this program, which is meant for another Genesys. */
const cleanEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const ours = new Set(pages.flatMap(({ aliases = [], key }) => [key, ...aliases]))
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.has(name)))
}

const connection = (ready: SimulatorReady): Readonly<Record<string, string>> => ({
  GENESYS_API_URL: ready.apiUrl,
  GENESYS_LOGIN_URL: ready.loginUrl,
  OAUTH_CLIENT_ID: ready.clientId,
  OAUTH_CLIENT_SECRET: ready.clientSecret,
  CAMPAIGNCTL_CALLING_WINDOW: ALWAYS_OPEN
})

type Spawn = (
  words: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>
) => Promise<number | undefined>

const run = async (
  { after, before, env = {}, heading, words }: Step,
  control: ControlClient,
  { out }: TerminalShape,
  spawn: Spawn
): Promise<number | undefined> => {
  await before?.(control)
  out.write(`\n${out.paint(["bold", "cyan"], `▸ ${heading}`)}\n`)
  out.write(`${out.paint("bold", `$ ${commandLine(words, env)}`)}\n`)
  const exitCode = await spawn(words, env)
  if (after !== undefined) out.write(await after(control))
  return exitCode
}

const unexpected = (
  { expected, words }: Step,
  exitCode: number | undefined,
  { err }: TerminalShape
): number => {
  err.write(
    `${err.paint(["bold", "red"], "error:")} \`${commandLine(words)}\` ended with ${exitCode === undefined ? "a signal" : `exit code ${exitCode}`}; the demonstration expected ${expected}.\n`
  )
  return ExitCode.unexpected
}

const afterword = ({ out }: TerminalShape): string => `
${out.paint(["bold", "green"], "✓ Done.")} The simulator is stopped and the demonstration's ledger is removed.

Try it yourself:
  npx campaignctl simulator     in one terminal; it prints what to export
  npx campaignctl get           in another, with those four lines pasted first
  npx campaignctl doctor        looks at configuration, token, clock, permissions, limits and ledger
  npx campaignctl --help        every command; README.md says the rest

For a real organisation set GENESYS_REGION, OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET instead.
`
