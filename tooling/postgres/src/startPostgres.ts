import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { chown, mkdir, mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { binariesFor, serverAccount } from "./binaries.ts"
import { createDatabase, databaseUrl } from "./createDatabase.ts"
import { freePort } from "./freePort.ts"
import { guard } from "./guard.ts"
import { Postmaster, type StopMode } from "./Postmaster.ts"

const run = promisify(execFile)

const USER = "campaignctl"
/** Needs escaping in a URL, as a real one may, and is looked for by tests that it must not reach. */
const PASSWORD = "s3cr3t/p@ss word"

/** How the server is to be. */
export interface PostgresOptions {
  /**
   * Whether a commit is flushed to the disk before it is told. Off unless asked for, which is faster;
   * nothing is lost by it short of a power cut.
   */
  readonly durable?: boolean
  /** Further settings of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A server of one's own. */
export interface PostgresServer {
  /** The administrative database: `postgres://user:password@127.0.0.1:port/postgres`. */
  readonly url: string
  /** Makes an empty database and returns its URL. */
  readonly newDatabase: () => Promise<string>
  /** Stops all of the server's processes where they stand: connections stay open, nothing answers. */
  readonly pause: () => Promise<void>
  /** Lets a paused server go on. */
  readonly resume: () => Promise<void>
  /** Ends the server; its data and port stay. `fast` unless told otherwise. */
  readonly halt: (mode?: StopMode) => Promise<void>
  /** Starts a halted server again on the same port. */
  readonly start: () => Promise<void>
  /** Halts and starts. */
  readonly restart: (mode?: StopMode) => Promise<void>
  /** Ends the server for good, and removes its data. */
  readonly stop: () => Promise<void>
}

/**
 * Starts a real PostgreSQL with a fresh data directory on a free port of 127.0.0.1, as root too.
 *
 * It is gone with its data after `stop`, and also when this process ends without it, even by SIGKILL.
 */
export const startPostgres = async (options: PostgresOptions = {}): Promise<PostgresServer> => {
  const directory = await mkdtemp(join(tmpdir(), "postgres-"))
  const guardian = guard(directory)
  const started = await begin(directory, options).catch(async (cause: unknown) => {
    await guardian.clean()
    throw cause
  })
  const { port, startAgain } = started
  let server = started.server
  guardian.watch(server.pid)
  const start = async () => {
    server = await startAgain()
    guardian.watch(server.pid)
  }
  const halt = (mode: StopMode = "fast") => server.stop(mode)
  const url = `postgres://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`
  return {
    url,
    newDatabase: async () => {
      const name = `d${randomUUID().replaceAll("-", "")}`
      await createDatabase(url, name)
      return databaseUrl(url, name)
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    halt,
    start,
    restart: async (mode) => {
      await halt(mode)
      await start()
    },
    stop: async () => {
      await halt("immediate")
      await guardian.clean()
    }
  }
}

const begin = async (directory: string, { durable = false, settings }: PostgresOptions) => {
  const account = await serverAccount()
  if (account !== undefined) await chown(directory, account.uid, account.gid)
  const binaries = await binariesFor(account, directory)
  const [dataDirectory, passwordFile] = [join(directory, "data"), join(directory, "password")]
  await mkdir(dataDirectory, { mode: 0o700 })
  await writeFile(passwordFile, PASSWORD)
  if (account !== undefined)
    await Promise.all(
      [dataDirectory, passwordFile].map((path) => chown(path, account.uid, account.gid))
    )
  const initdb = [
    `--pgdata=${dataDirectory}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--no-locale",
    "--no-sync",
    "--no-instructions"
  ]
  await run(binaries.initdb, initdb, { ...account, cwd: directory })
  const port = await freePort()
  const flushes = durable ? "on" : "off"
  const startAgain = () =>
    Postmaster.start({
      binaries,
      account,
      dataDirectory,
      settings: {
        listen_addresses: "127.0.0.1",
        port: String(port),
        unix_socket_directories: "",
        // Files in the data directory: a container's /dev/shm is small.
        dynamic_shared_memory_type: "mmap",
        shared_buffers: "32MB",
        max_connections: "200",
        // What tests read out of the data is never worth a second process.
        max_parallel_workers_per_gather: "0",
        autovacuum: "off",
        // Commits reach the operating system all the same, and so outlive a crash of the server.
        fsync: flushes,
        full_page_writes: flushes,
        ...settings
      }
    })
  return { port, startAgain, server: await startAgain() }
}
