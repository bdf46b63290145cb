import type { ConfigKey } from "@campaignctl/core"

/** Hours of the calling window; see `callingWindow` of `ManagerOptions`. */
export interface CallingWindowOption {
  /** All of them must be open at once. */
  readonly zones: ReadonlyArray<{
    /** IANA name, such as `Europe/Berlin`. */
    readonly zone: string
    readonly slots: ReadonlyArray<{
      /** 1 is Monday, 7 is Sunday; every day when absent. */
      readonly days?: ReadonlyArray<number>
      /** `HH:mm`, included. */
      readonly from: string
      /** `HH:mm`, excluded. */
      readonly to: string
    }>
    /** Local dates, `YYYY-MM-DD`. */
    readonly holidays?: ReadonlyArray<string>
  }>
}

/** What a manager is told by its maker; whatever is absent comes from the environment. */
export interface ManagerOptions {
  /** Read instead of `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly clientId?: string
  readonly clientSecret?: string
  /** The host of a region (`mypurecloud.de`) or its AWS name (`eu-central-1`). */
  readonly region?: string
  readonly contract?: "platform" | "etag"
  readonly apiUrl?: string
  readonly loginUrl?: string
  readonly webhookCallbackUrl?: string
  /** The audit ledger: `file:` and a path. */
  readonly databaseUrl?: string
  readonly minimumAgents?: number
  readonly capacityScope?: "campaign-queue" | "all-queues"
  /** As text (`Mon-Fri 09:00-20:00 Europe/Berlin`), as an object, or `genesys` for each campaign's own callable time set. */
  readonly callingWindow?: string | CallingWindowOption
  /** Local dates, `YYYY-MM-DD`. */
  readonly holidays?: ReadonlyArray<string>
  readonly activeLimit?: number
  readonly archiveDivision?: string
  /** Every state, and for each every target: `allowed`, `with-restart` or `refused`. */
  readonly matrix?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly governanceLevel?: string
  /** Who asks, as the audit records it; the user who runs the process unless said. */
  readonly requestedBy?: string
  readonly maxRetries?: number
  /** Milliseconds, as are the next two. */
  readonly retryBaseMs?: number
  readonly retryCapMs?: number
  readonly retryDeadlineMs?: number
}

/** The name in the environment of what each option sets. */
export const optionKeys = {
  clientId: "OAUTH_CLIENT_ID",
  clientSecret: "OAUTH_CLIENT_SECRET",
  region: "GENESYS_REGION",
  contract: "GENESYS_CONTRACT",
  apiUrl: "GENESYS_API_URL",
  loginUrl: "GENESYS_LOGIN_URL",
  webhookCallbackUrl: "WEBHOOK_CALLBACK_URL",
  databaseUrl: "CAMPAIGNCTL_DATABASE_URL",
  minimumAgents: "CAMPAIGNCTL_MINIMUM_AGENTS",
  capacityScope: "CAMPAIGNCTL_CAPACITY_SCOPE",
  callingWindow: "CAMPAIGNCTL_CALLING_WINDOW",
  holidays: "CAMPAIGNCTL_HOLIDAYS",
  activeLimit: "CAMPAIGNCTL_ACTIVE_LIMIT",
  archiveDivision: "CAMPAIGNCTL_ARCHIVE_DIVISION",
  matrix: "CAMPAIGNCTL_MATRIX",
  governanceLevel: "CAMPAIGNCTL_GOVERNANCE_LEVEL",
  requestedBy: "CAMPAIGNCTL_REQUESTED_BY",
  maxRetries: "CAMPAIGNCTL_MAX_RETRIES",
  retryBaseMs: "CAMPAIGNCTL_RETRY_BASE_MS",
  retryCapMs: "CAMPAIGNCTL_RETRY_CAP_MS",
  retryDeadlineMs: "CAMPAIGNCTL_RETRY_DEADLINE_MS"
} as const satisfies { readonly [K in Exclude<keyof ManagerOptions, "env">]-?: ConfigKey }
