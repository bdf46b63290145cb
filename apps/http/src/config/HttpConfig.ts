import type { OidcConfig } from "../callers/Tokens.ts"

/** How one process of a cluster is reached by the others. */
export interface RunnerConfig {
  /** Absent: an address of this machine. */
  readonly host?: string
  /** 0 takes a free one. */
  readonly port: number
  /** Where it listens; `host` where absent. */
  readonly listenHost?: string
}

/** What a deployment configures of the service itself, checked. */
export interface HttpConfig {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly oidc?: OidcConfig
  readonly requireIfMatch: boolean
  /** Bytes. */
  readonly bodyLimit: number
  readonly ratePerMinute: number
  /** Seconds for what is running to end when the service is told to. */
  readonly shutdownSeconds: number
  /** Where the other processes of a cluster reach this one; nobody does where the database is a file. */
  readonly runner: RunnerConfig
}
