import { createServer, type AddressInfo } from "node:net"
import { networkInterfaces } from "node:os"
import { resolve } from "node:path"
import { type Config, ConfigInvalid } from "@campaignctl/core"
import {
  type Beside,
  type EngineInUse,
  type EnginePorts,
  type EngineServices,
  layerCluster,
  layerSingle,
  type OperationsUnavailable
} from "@campaignctl/operations"
import { Effect, Layer } from "effect"
import type { HttpConfig } from "../config/HttpConfig.ts"
import { isLoopback } from "../config/loopback.ts"

const LOOPBACK = "127.0.0.1"

/** The address by which others of the network reach this machine; loopback where there is none. */
const networkAddress = (): string =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? LOOPBACK

/**
 * Where the others of a cluster reach this process. A database on this machine is shared by processes
 * of this machine alone, unless the configuration says otherwise.
 */
const hostOf = ({ runner }: HttpConfig, place: string): string =>
  runner.host ?? (isLoopback(URL.parse(place)?.hostname ?? "") ? LOOPBACK : networkAddress())

/** A port that nobody listens on, to be listened on at once. */
const freePort = (host: string): Effect.Effect<number, ConfigInvalid> =>
  Effect.callback((resume) => {
    const server = createServer()
    server.once("error", (error: NodeJS.ErrnoException) =>
      resume(Effect.fail(cannotListen(host, error.code ?? error.message)))
    )
    server.listen(0, host, () => {
      // A listening TCP server has an address of this form.
      const { port } = server.address() as AddressInfo
      server.close(() => resume(Effect.succeed(port)))
    })
  })

const cannotListen = (where: string, why: string) =>
  new ConfigInvalid({
    problems: [
      {
        key: "CAMPAIGNCTL_RUNNER_PORT",
        expected:
          "a port of this machine that nobody else listens on, on CAMPAIGNCTL_RUNNER_LISTEN_HOST or CAMPAIGNCTL_RUNNER_HOST",
        found: `${where} (${why})`
      }
    ]
  })

type EngineConfig = Pick<Config, "ledger" | "supervision" | "holidayLists" | "watch">

const cluster = (
  http: HttpConfig,
  { ledger: { place }, supervision, holidayLists, watch: watching }: EngineConfig,
  beside: ReadonlyArray<Beside>
): Layer.Layer<EngineServices, ConfigInvalid | OperationsUnavailable, EnginePorts> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const host = hostOf(http, place)
      const listenHost = http.runner.listenHost ?? host
      const port = http.runner.port === 0 ? yield* freePort(listenHost) : http.runner.port
      return layerCluster({
        host,
        port,
        listenHost,
        supervision,
        holidayLists,
        watching,
        beside
      }).pipe(
        Layer.catchTag("SocketServerError", ({ message }) =>
          Layer.effectContext(Effect.fail(cannotListen(`${listenHost}:${port}`, message)))
        )
      )
    })
  )

/**
 * What carries operations on: this process alone where the database is a file, this process among
 * others where it is a server's, with what is to run once in all of them. Fails with `EngineInUse` where another process has the file.
 */
export const engineLayer = (
  config: EngineConfig,
  http: HttpConfig,
  beside: ReadonlyArray<Beside>
): Layer.Layer<EngineServices, ConfigInvalid | EngineInUse | OperationsUnavailable, EnginePorts> =>
  config.ledger._tag === "Sqlite"
    ? layerSingle({
        filename: resolve(config.ledger.filename),
        supervision: config.supervision,
        holidayLists: config.holidayLists,
        watching: config.watch,
        beside
      })
    : cluster(http, config, beside)
