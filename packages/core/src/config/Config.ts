import type { Redacted } from "effect"
import type { GuardPolicy } from "../decision/Policy.ts"
import type { RetryPolicy } from "../retry/RetryPolicy.ts"
import type { SupervisionPolicy } from "../supervision/SupervisionPolicy.ts"
import type { CallingWindow } from "../window/CallingWindow.ts"

/** Where Genesys is and who asks. */
export interface GenesysConfig {
  readonly contract: "platform" | "etag"
  /** Host of the region, such as `mypurecloud.ie`; the addresses may point elsewhere. */
  readonly region: string
  /** Addresses without a slash at the end. */
  readonly apiUrl: string
  readonly loginUrl: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  readonly archiveDivision?: string
  /** Milliseconds to wait at most for requests to be granted again; absent where the client's own patience is within the deadline. */
  readonly pacingPatienceMs?: number
}

/** Which calling window holds: one for every campaign, or each campaign's own callable time set. */
export type WindowConfig =
  | { readonly _tag: "Fixed"; readonly window: CallingWindow }
  | {
      readonly _tag: "CampaignTimeSet"
      /** Local dates that close every zone of a time set, which knows no holidays itself. */
      readonly holidays: ReadonlyArray<string>
    }

/** Where the audit ledger is: in a file of SQLite's, or in a database on a PostgreSQL server. */
export type LedgerConfig =
  | {
      readonly _tag: "Sqlite"
      readonly filename: string
      /** What people are told: the file. */
      readonly place: string
    }
  | {
      readonly _tag: "Postgres"
      /** As it was configured, with the password. */
      readonly url: Redacted.Redacted
      /** What people are told: the address without the credentials. */
      readonly place: string
    }

/** The ledger in a file. */
export const sqliteLedger = (filename: string): LedgerConfig => ({
  _tag: "Sqlite",
  filename,
  place: filename
})

/** How other systems are told, unless they are subscribed by hand. */
export interface WebhooksConfig {
  /** What is told of everything, for as long as it is configured. */
  readonly webhookCallbackUrl?: string
  /** What is signed with for it: `whsec_` and base64. */
  readonly webhookSecret?: Redacted.Redacted
  /** Receivers that may be reached although they are not public, with commas between them. */
  readonly webhookAllow?: string
}

/** Everything that a deployment configures, checked. */
export interface Config extends WebhooksConfig {
  readonly genesys: GenesysConfig
  readonly guards: GuardPolicy
  readonly window: WindowConfig
  readonly retry: RetryPolicy
  readonly supervision: SupervisionPolicy
  /** Dates by the names under which schedules refer to them. */
  readonly holidayLists: Readonly<Record<string, ReadonlyArray<string>>>
  readonly ledger: LedgerConfig
  readonly governanceLevel: string
  readonly requestedBy?: string
  /** Whether the service watches every campaign for changes that it did not make. */
  readonly watch: boolean
}
