import { parseArgs } from "node:util"
import { PortBusy } from "./Listener.ts"
import { startSimulator } from "./start.ts"
import type { Simulator, SimulatorOptions, SimulatorReady } from "./start.ts"
import { readSwitches } from "./control/settingCommands.ts"
import { ControlError } from "./control/ControlError.ts"

const EXIT_DONE = 0
const EXIT_USAGE = 2
const LARGEST_PORT = 65_535
const LARGEST_ORGANISATION = 100_000
const LARGEST_SEED = 2 ** 32 - 1
/** The port of a simulator started by hand, so that its address can be written down once. */
const DEFAULT_PORT = 4010
const LARGEST_NUMBER = 1e9

const USAGE = `A local Genesys Cloud on 127.0.0.1.

Options:
  --port <n>            port of the API and the login host; 0 takes a free one (default ${DEFAULT_PORT})
  --control-port <n>    port of the control interface (default 0)
  --login-port <n>      a port of its own for the login host
  --campaigns <n>       size of the organisation (default 9)
  --seed <n>|random     the same seed gives the same organisation (default 42)
  --client-id <id>, --client-secret <secret>
  --token-seconds <n>   lifetime of tokens (default 86400)
  --rate <n>|off        requests a minute for one token (default 300)
  --speed <n>           world seconds per real second (default 1)
  --manual-clock        the world stands still until it is advanced over the control interface
  --call-seconds <a-b>  shortest and longest call (default 3-6.5)
  --active-limit <n>    campaigns that may be on at once (default 50)
  --switch <name=value> behaviour that the platform does not document; may be repeated
  --json                print one line of JSON when ready
  --help
`

class UsageError extends Error {
  override readonly name = "UsageError"
}

const number = (
  name: string,
  text: string | undefined,
  largest: number,
  whole = true
): number | undefined => {
  if (text === undefined) return undefined
  const value = text.trim() === "" ? Number.NaN : Number(text)
  if (value >= 0 && value <= largest && (!whole || Number.isInteger(value))) return value
  throw new UsageError(
    `--${name} must be a ${whole ? "whole " : ""}number from 0 to ${largest}, not "${text}".`
  )
}

const callTiming = (text: string | undefined): Pick<SimulatorOptions, "callTiming"> => {
  if (text === undefined) return {}
  const [minimum, maximum] = text.split("-").map(Number)
  if (minimum === undefined || maximum === undefined || !(minimum >= 0) || !(maximum >= minimum)) {
    throw new UsageError(`--call-seconds must be two numbers such as 3-6.5, not "${text}".`)
  }
  return { callTiming: { minimumSeconds: minimum, maximumSeconds: maximum } }
}

const switches = (pairs: ReadonlyArray<string>): Pick<SimulatorOptions, "unknownFacts"> => {
  const entries = pairs.map((pair) => {
    const [name, value] = pair.split("=")
    return [name ?? "", value === "true" ? true : value === "false" ? false : value]
  })
  return pairs.length === 0 ? {} : { unknownFacts: readSwitches(Object.fromEntries(entries)) }
}

const parse = (argv: ReadonlyArray<string>) =>
  parseArgs({
    args: [...argv],
    options: {
      port: { type: "string" },
      "control-port": { type: "string" },
      "login-port": { type: "string" },
      campaigns: { type: "string" },
      seed: { type: "string" },
      "client-id": { type: "string" },
      "client-secret": { type: "string" },
      "token-seconds": { type: "string" },
      rate: { type: "string" },
      speed: { type: "string" },
      "manual-clock": { type: "boolean" },
      "call-seconds": { type: "string" },
      "active-limit": { type: "string" },
      switch: { type: "string", multiple: true },
      json: { type: "boolean" },
      help: { type: "boolean" }
    }
  }).values

type Values = ReturnType<typeof parse>

/** Leaves out what was not said, so that the defaults of `startSimulator` hold. */
const given = <A extends object>(
  options: A
): { readonly [K in keyof A]?: Exclude<A[K], undefined> } =>
  // Entries whose value is undefined are gone, which is what the type says.
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof A]?: Exclude<A[K], undefined>
  }

const optionsOf = (values: Values): SimulatorOptions => {
  const speed = number("speed", values.speed, LARGEST_NUMBER, false)
  return {
    port: number("port", values.port, LARGEST_PORT) ?? DEFAULT_PORT,
    ...given({
      controlPort: number("control-port", values["control-port"], LARGEST_PORT),
      loginPort: number("login-port", values["login-port"], LARGEST_PORT),
      campaigns: number("campaigns", values.campaigns, LARGEST_ORGANISATION),
      seed:
        values.seed === "random" ? ("random" as const) : number("seed", values.seed, LARGEST_SEED),
      clientId: values["client-id"],
      clientSecret: values["client-secret"],
      tokenSeconds: number("token-seconds", values["token-seconds"], LARGEST_NUMBER),
      activeLimit: number("active-limit", values["active-limit"], LARGEST_ORGANISATION),
      ratePerMinute: values.rate === "off" ? null : number("rate", values.rate, LARGEST_NUMBER)
    }),
    clock:
      values["manual-clock"] === true ? { mode: "manual" } : { mode: "real", speed: speed ?? 1 },
    ...callTiming(values["call-seconds"]),
    ...switches(values.switch ?? [])
  }
}

const readOptions = (
  argv: ReadonlyArray<string>
): { readonly values: Values; readonly options: SimulatorOptions } => {
  try {
    const values = parse(argv)
    return { values, options: optionsOf(values) }
  } catch (error) {
    // parseArgs throws TypeErrors whose messages are sentences for the person at the keyboard.
    if (
      error instanceof UsageError ||
      error instanceof ControlError ||
      error instanceof TypeError
    ) {
      throw new UsageError(error.message, { cause: error })
    }
    throw error
  }
}

const ready = (simulator: Simulator): SimulatorReady => ({
  apiUrl: simulator.apiUrl,
  loginUrl: simulator.loginUrl,
  controlUrl: simulator.controlUrl,
  clientId: simulator.clientId,
  clientSecret: simulator.clientSecret,
  campaigns: simulator.campaigns
})

/** Campaigns listed for a human; a large organisation would scroll the addresses away. */
const SHOWN_CAMPAIGNS = 12

const humanText = (simulator: Simulator): string => {
  const shown = simulator.campaigns.slice(0, SHOWN_CAMPAIGNS)
  const more = simulator.campaigns.length - shown.length
  return [
    `A local Genesys Cloud with ${simulator.campaigns.length} campaigns is ready. Ctrl-C ends it.`,
    "",
    `export GENESYS_API_URL=${simulator.apiUrl}`,
    `export GENESYS_LOGIN_URL=${simulator.loginUrl}`,
    `export OAUTH_CLIENT_ID=${simulator.clientId}`,
    `export OAUTH_CLIENT_SECRET=${simulator.clientSecret}`,
    "",
    `Control interface: ${simulator.controlUrl}`,
    "",
    ...shown.map((campaign) => `${campaign.id}  ${campaign.status.padEnd(8)}  ${campaign.name}`),
    ...(more > 0 ? [`… and ${more} more`] : []),
    ""
  ].join("\n")
}

const untilToldToEnd = (): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      process.off("SIGINT", end)
      process.off("SIGTERM", end)
      resolve()
    }
    process.on("SIGINT", end)
    process.on("SIGTERM", end)
  })

/**
 * Runs the simulator as a program until SIGINT or SIGTERM, and answers its exit code: 0 when it was
 * told to end, 2 when it was asked for something impossible, such as a port that is taken.
 */
export const runSimulatorProgram = async (argv: ReadonlyArray<string>): Promise<number> => {
  try {
    const { values, options } = readOptions(argv)
    if (values.help === true) {
      process.stdout.write(USAGE)
      return EXIT_DONE
    }
    const simulator = await startSimulator(options)
    const told = untilToldToEnd()
    process.stdout.write(
      values.json === true ? `${JSON.stringify(ready(simulator))}\n` : humanText(simulator)
    )
    await told
    await simulator.close()
    return EXIT_DONE
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof PortBusy)) throw error
    process.stderr.write(`${error.message}\n`)
    return EXIT_USAGE
  }
}
