import type { OidcConfig } from "../callers/Tokens.ts"

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
}
