import { Redacted, Result } from "effect"
import type { LedgerConfig } from "./Config.ts"
import { fault, type Parser } from "./Parsed.ts"

const EXPECTED = "postgres://user:password@host:port/database"

/** libpq's modes. Source: PostgreSQL's manual, "SSL Support". */
const TLS_MODES: ReadonlySet<string> = new Set([
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full"
])

const isEscaped = (text: string): boolean => {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(text))
  } catch {
    // The only way in which it fails: a percent sign that begins no escape.
    return false
  }
}

interface Rule {
  readonly broken: (url: URL) => boolean
  readonly expected: string
  readonly found: string
}

/** What a URL must be beyond well formed, each with what is said where it is not. */
const RULES: ReadonlyArray<Rule> = [
  {
    broken: ({ hash }) => hash !== "",
    expected: `${EXPECTED}, with # in a password written as %23`,
    found: "a PostgreSQL URL with #"
  },
  {
    broken: ({ hostname }) => hostname === "",
    expected: EXPECTED,
    found: "a PostgreSQL URL without a host"
  },
  {
    broken: ({ password, pathname, username }) => ![username, password, pathname].every(isEscaped),
    expected: `${EXPECTED}, with % in a password written as %25`,
    found: "a PostgreSQL URL with a % that begins no escape"
  },
  {
    broken: ({ pathname }) => !/^\/[^/]+$/.test(pathname),
    expected: EXPECTED,
    found: "a PostgreSQL URL without a database"
  },
  {
    broken: ({ searchParams }) =>
      searchParams.getAll("sslmode").some((mode) => !TLS_MODES.has(mode)),
    expected: `sslmode to be one of ${[...TLS_MODES].join(", ")}`,
    found: "another sslmode"
  },
  {
    broken: ({ searchParams }) =>
      searchParams.getAll("connect_timeout").some((text) => !/^\d{1,6}$/.test(text)),
    expected: "connect_timeout in whole seconds",
    found: "another connect_timeout"
  }
]

/** The ledger on a PostgreSQL server. Nothing of the URL is repeated: any part of it may be a password. */
export const postgresUrl: Parser<LedgerConfig> = (text) => {
  const url = URL.parse(text)
  if (url === null)
    return fault(
      `${EXPECTED}, with / ? : @ in a password written as %2F %3F %3A %40`,
      "a malformed PostgreSQL URL"
    )
  const broken = RULES.find((rule) => rule.broken(url))
  return broken === undefined
    ? Result.succeed({
        _tag: "Postgres",
        url: Redacted.make(text),
        place: `postgres://${url.host}${url.pathname}`
      })
    : fault(broken.expected, broken.found)
}
