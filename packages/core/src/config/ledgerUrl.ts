import { Result } from "effect"
import { type LedgerConfig, sqliteLedger } from "./Config.ts"
import { fault, type Parser } from "./Parsed.ts"
import { postgresUrl } from "./postgresUrl.ts"

const EXPECTED =
  "file: and the path of a file on disk, or postgres://user:password@host:port/database"

/**
 * Where the ledger is, from its URL: `file:ledger.db`, `file:./data/ledger.db`,
 * `file:///var/lib/ledger.db` or `postgres://user:password@host/database`. What is found is described
 * and never repeated, because a database URL may hold a password.
 */
export const ledgerUrl: Parser<LedgerConfig> = (text) => {
  const [, scheme, rest = ""] = /^([a-z][a-z\d+.-]*):(.*)$/is.exec(text) ?? []
  if (scheme === undefined) return fault(EXPECTED, "text without file: or postgres:")
  if (/^postgres(?:ql)?$/i.test(scheme)) return postgresUrl(text)
  if (scheme.toLowerCase() !== "file") return fault(EXPECTED, "a URL of another kind")
  const filename = rest.startsWith("//") ? pathOfUrl(text) : rest
  if (filename === undefined) return fault(EXPECTED, "a file: URL with a host or a malformed path")
  // An audit that is gone with the process is none.
  if (filename === "" || filename.includes(":memory:")) return fault(EXPECTED, "no file")
  if (/[?#]|\p{Cc}/u.test(filename))
    return fault(EXPECTED, "a path with ?, # or a control character")
  // Taken for a path it would make directories that are named by a password.
  if (URL_WITHIN.test(filename)) return fault(EXPECTED, "file: with another URL behind it")
  return Result.succeed(sqliteLedger(filename))
}

/** Two letters at least: one is a drive. */
const URL_WITHIN = /^[a-z][a-z\d+.-]+:\/\//i

const pathOfUrl = (text: string): string | undefined => {
  const url = URL.parse(text)
  if (url === null || url.host !== "" || url.search !== "" || url.hash !== "") return undefined
  try {
    return decodeURIComponent(url.pathname)
  } catch {
    // The only way in which it fails: a percent sign that begins no escape.
    return undefined
  }
}
