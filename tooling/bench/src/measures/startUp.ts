import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { simulatorProcess } from "../simulatorProcess.ts"
import { interleaved, median, timed } from "../stats.ts"
import { temporaryLedger } from "../temporaryLedger.ts"

/** Times the start of `node -e 0` at most. Source: the product's own promise. */
const GOALS = { version: 1.5, get: 4 } as const

const program = fileURLToPath(import.meta.resolve("campaignctl/bin/campaignctl.mjs"))

/** Milliseconds of one whole process. */
const processTime = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string | undefined>> = process.env
): Promise<number> =>
  timed(() => {
    const { signal, status, stderr } = spawnSync(process.execPath, args, {
      env,
      encoding: "utf8"
    })
    if (status !== 0)
      throw new Error(`node ${args.join(" ")} ended with ${status ?? signal}: ${stderr}`)
  })

/** How long the command line takes to start, as whole processes, beside a Node that does nothing. */
export const measureStartUp = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  await using simulator = await simulatorProcess()
  using ledger = temporaryLedger()
  const { ready } = simulator
  const env = {
    ...process.env,
    OAUTH_CLIENT_ID: ready.clientId,
    OAUTH_CLIENT_SECRET: ready.clientSecret,
    GENESYS_API_URL: ready.apiUrl,
    GENESYS_LOGIN_URL: ready.loginUrl,
    CAMPAIGNCTL_DATABASE_URL: `file:${ledger.filename}`
  }
  const samples = await interleaved(
    {
      nothing: () => processTime(["-e", "0"]),
      version: () => processTime([program, "--version"]),
      get: () => processTime([program, "get"], env)
    },
    { rounds: plan.processRounds, warmUp: plan.processWarmUp }
  )
  const nothing = median(samples.nothing)
  return (["version", "get"] as const).map((command) => {
    const millis = median(samples[command])
    return {
      what: `campaignctl ${command === "version" ? "--version" : command}`,
      figure: `${readable(millis)} ms (node -e 0: ${readable(nothing)})`,
      ratio: readable(millis / nothing),
      goal: `at most ${GOALS[command]}`,
      met: millis / nothing <= GOALS[command],
      n: samples[command].length,
      values: { millis, nothing }
    }
  })
}
