import { resolve } from "node:path"
import {
  AuditUnavailable,
  ConfigInvalid,
  type Environment,
  parseConfig,
  type Profile,
  unknownNameProblem,
  unknownNames
} from "@campaignctl/core"
import { EngineInUse, OperationsUnavailable } from "@campaignctl/operations"
import { jsonLogs, type RunningTelemetry, startTelemetry } from "@campaignctl/telemetry"
import { WebhooksUnavailable } from "@campaignctl/webhooks"
import { Layer, Result } from "effect"
import { type CampaignApp, createApp } from "../app.ts"
import { httpConfigPages } from "../config/pages.ts"
import { readHttpConfig } from "../config/readHttpConfig.ts"
import { type Embedded, saysNothingOfGenesys, startEmbedded } from "./embedded.ts"
import { serviceLayer } from "./layers.ts"
import { longestShutdownMs } from "./longestShutdownMs.ts"
import { CannotListen, serve, type Served } from "./serve.ts"
import { welcome } from "./welcome.ts"

/** What the process that runs the service gives it. */
export interface ServiceProcess {
  readonly env: Environment
  readonly profile?: Profile
  /** The ledger's file where none is configured, with a Genesys of one's own. */
  readonly ledgerFile?: string
  readonly write: (text: string) => void
  /** Whether what is written is seen by a person alone: a log keeps secrets for all who may read it. */
  readonly isTerminal?: boolean
  readonly writeError: (text: string) => void
  /** Called once for every signal that asks the process to end. */
  readonly onSignal: (listener: () => void) => void
  /** Ends the process at once. */
  readonly exitNow: (code: number) => never
}

/** The exit codes of the command line. */
const EXIT = { done: 0, hung: 1, usage: 2, unavailable: 7, terminated: 143 } as const
const MS_PER_SECOND = 1_000

/** Waits for the first signal; the second ends the process at once, and the next start settles the ledger. */
const untilTold = ({ exitNow, onSignal }: ServiceProcess): Promise<void> =>
  new Promise((resolve) => {
    let told = false
    onSignal(() => {
      if (told) exitNow(EXIT.terminated)
      told = true
      resolve()
    })
  })

/**
 * Ends the process where letting go does not end by itself, as it does not where the database hangs. What
 * is left is taken up by another process, or by the next start.
 */
const endWhenStuck = ({ exitNow, writeError }: ServiceProcess, shutdownMs: number): void => {
  setTimeout(() => {
    writeError("The shutdown does not end: the process is ended. The next start settles.\n")
    exitNow(EXIT.hung)
  }, longestShutdownMs(shutdownMs)).unref()
}

interface Running {
  readonly served: Served
  readonly shutdownMs: number
}

/** The whole configuration; throws with everything that is wrong with it. */
const configured = (
  env: Environment,
  { ledgerFile = "campaignctl.db", profile = {} }: ServiceProcess
) => {
  const http = readHttpConfig(env, profile)
  const config = parseConfig(env, profile, { ledgerFile })
  const problems = [
    ...(Result.isFailure(http) ? http.failure.problems : []),
    ...(Result.isFailure(config) ? config.failure.problems : []),
    ...unknownNames(profile, HTTP_NAMES).map((name) => unknownNameProblem(name))
  ]
  if (Result.isFailure(http) || Result.isFailure(config) || problems.length > 0)
    throw new ConfigInvalid({ problems })
  return { http: http.success, config: config.success }
}

const HTTP_NAMES: ReadonlyArray<string> = httpConfigPages.map(({ key }) => key)

const start = async (
  io: ServiceProcess,
  embedded: Embedded | undefined,
  telemetry: RunningTelemetry,
  keep: (app: CampaignApp) => void
): Promise<Running> => {
  const env = embedded?.env ?? io.env
  const { config, http } = configured(env, io)
  const app = createApp({
    layer: serviceLayer(config, http, env).pipe(
      Layer.provideMerge(
        Layer.merge(
          telemetry.layer,
          jsonLogs((line) => io.writeError(`${line}\n`))
        )
      )
    ),
    requireIfMatch: http.requireIfMatch,
    bodyLimit: http.bodyLimit,
    ratePerMinute: http.ratePerMinute,
    metrics: telemetry.metricsText
  })
  keep(app)
  const started = await app.start()
  const served = await serve(app, http)
  io.write(
    welcome({
      ...started,
      url: served.url,
      isTerminal: io.isTerminal ?? false,
      ledger:
        config.ledger._tag === "Sqlite" ? resolve(config.ledger.filename) : config.ledger.place,
      ...(embedded === undefined ? {} : { embedded: { campaignId: embedded.campaignId } })
    })
  )
  return { served, shutdownMs: http.shutdownSeconds * MS_PER_SECOND }
}

/** Runs the service until it is told to end; answers the exit code. */
export const runService = async (io: ServiceProcess): Promise<number> => {
  const told = untilTold(io)
  const embedded = saysNothingOfGenesys({ ...io.profile, ...io.env } as Environment) // only whether they are set is asked
    ? await startEmbedded(io.env, io.profile)
    : undefined
  const telemetry = await startTelemetry(io.env)
  let app: CampaignApp | undefined
  try {
    const { served, shutdownMs } = await start(io, embedded, telemetry, (made) => {
      app = made
    })
    await told
    endWhenStuck(io, shutdownMs)
    await served.close(shutdownMs)
    return EXIT.done
  } catch (error) {
    if (
      error instanceof ConfigInvalid ||
      error instanceof CannotListen ||
      error instanceof EngineInUse
    ) {
      io.writeError(`${error.message}\n`)
      return EXIT.usage
    }
    if (
      error instanceof AuditUnavailable ||
      error instanceof OperationsUnavailable ||
      error instanceof WebhooksUnavailable
    ) {
      io.writeError(`${error.message}\n`)
      return EXIT.unavailable
    }
    throw error
  } finally {
    await app?.dispose()
    await embedded?.close()
    await telemetry.shutdown()
  }
}
