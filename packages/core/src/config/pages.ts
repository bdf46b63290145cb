import { defaultGuardPolicy } from "../decision/Policy.ts"
import { defaultSupervisionPolicy } from "../supervision/SupervisionPolicy.ts"
import { defaultRetryPolicy } from "../retry/RetryPolicy.ts"
import { defaultCallingWindow } from "../window/CallingWindow.ts"
import { printWindow } from "../window/printWindow.ts"
import { DEFAULT_REGION } from "./regions.ts"

/** Written into every audit entry where nothing else is configured. */
export const DEFAULT_GOVERNANCE_LEVEL = "L3"

/** What a person may know of one configuration value. */
export interface ConfigPage {
  readonly key: string
  /** What holds where it is not set; undefined where it must be set or means nothing unless it is. */
  readonly default?: string
  readonly meaning: string
  /** Whether the value is never shown. */
  readonly secret: boolean
  /** Other names that are understood; the key itself wins. */
  readonly aliases?: ReadonlyArray<string>
}

/** Every configuration value, in the order in which a person meets them. The documentation's table is made from it. */
export const configPages = [
  {
    key: "OAUTH_CLIENT_ID",
    meaning: "Client id of the Genesys Cloud OAuth client (client credentials grant). Required.",
    secret: false,
    aliases: ["GENESYSCLOUD_OAUTHCLIENT_ID"]
  },
  {
    key: "OAUTH_CLIENT_SECRET",
    meaning: "Client secret of the OAuth client. Required.",
    secret: true,
    aliases: ["GENESYSCLOUD_OAUTHCLIENT_SECRET"]
  },
  {
    key: "GENESYS_REGION",
    default: DEFAULT_REGION,
    meaning:
      "Region of the organisation: its host (mypurecloud.de) or its AWS name (eu-central-1).",
    secret: false,
    aliases: ["GENESYSCLOUD_REGION"]
  },
  {
    key: "GENESYS_CONTRACT",
    default: "platform",
    meaning: "Wire contract: platform (Genesys Cloud itself) or etag (a gateway in front of it).",
    secret: false
  },
  {
    key: "GENESYS_API_URL",
    meaning:
      "Address of the API instead of the region's, https (plain http for local hosts alone).",
    secret: false
  },
  {
    key: "GENESYS_LOGIN_URL",
    meaning:
      "Address of the login. Set it together with GENESYS_API_URL; without it the login is at the API with the etag contract, and at login. where the API is at api.",
    secret: false
  },
  {
    key: "WEBHOOK_CALLBACK_URL",
    meaning:
      "A receiver that the service tells of every change, signed; it keeps one webhook subscription for it. Also where `webhook register` asks Genesys to report campaign updates, on the etag contract.",
    secret: false
  },
  {
    key: "WEBHOOK_SECRET",
    meaning:
      "What the messages to WEBHOOK_CALLBACK_URL are signed with: whsec_ and base64 of 24 to 64 bytes. Without it one is made, and shown once, on a terminal alone.",
    secret: true
  },
  {
    key: "CAMPAIGNCTL_WEBHOOK_ALLOW",
    meaning:
      "Receivers of webhooks that may be reached although they are not public: host names, *.domains, addresses and networks such as 10.1.0.0/16, with commas between them.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_WATCH",
    default: "on",
    meaning:
      "Whether the service watches every campaign for changes made elsewhere and drains that end: on or off.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_DATABASE_URL",
    meaning:
      "The audit ledger: file: and a path for SQLite, or postgres://user:password@host:port/database for PostgreSQL, which several hosts may share. Without it, a file that the program names.",
    secret: true
  },
  {
    key: "CAMPAIGNCTL_MINIMUM_AGENTS",
    default: String(defaultGuardPolicy.minimumAgents),
    meaning: "Agents that must be available before a campaign starts.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_CAPACITY_SCOPE",
    default: defaultGuardPolicy.capacityScope,
    meaning: "Whose agents count: campaign-queue or all-queues.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_CALLING_WINDOW",
    default: printWindow(defaultCallingWindow),
    meaning:
      "When campaigns may start: hours such as Mon-Fri 09:00-20:00 Europe/Berlin, several zones joined by &, the same as JSON, or genesys for each campaign's own callable time set.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_HOLIDAYS",
    meaning: "Local dates on which no campaign starts, YYYY-MM-DD, separated by commas.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_HOLIDAY_LISTS",
    meaning:
      'Lists of dates that schedules refer to by name, as JSON: {"germany":["2026-12-25"]}. The same for every process on one database.',
    secret: false
  },
  {
    key: "CAMPAIGNCTL_ACTIVE_LIMIT",
    default: String(defaultGuardPolicy.activeLimit),
    meaning: "Campaigns that may be on at once in the organisation.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_ARCHIVE_DIVISION",
    meaning: "Id of the division that archived campaigns are moved to. Without it they stay.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_MATRIX",
    meaning:
      "A transition matrix as JSON: every state, and for each every target, allowed, with-restart or refused. Without it, the default matrix.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GOVERNANCE_LEVEL",
    default: DEFAULT_GOVERNANCE_LEVEL,
    meaning: "Written into every audit entry.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_REQUESTED_BY",
    meaning: "Who asks, as the audit records it. Without it, the user who runs the program.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_MAX_RETRIES",
    default: String(defaultRetryPolicy.maxRetries),
    meaning: "Tries after the first one.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_RETRY_BASE_MS",
    default: String(defaultRetryPolicy.baseMs),
    meaning: "Longest wait before the first retry, in milliseconds; doubled for each further one.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_RETRY_CAP_MS",
    default: String(defaultRetryPolicy.capMs),
    meaning:
      "Longest wait before any retry, in milliseconds, unless Genesys asks for a longer one.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_RETRY_DEADLINE_MS",
    default: String(defaultRetryPolicy.deadlineMs),
    meaning: "Milliseconds from the request after which no retry begins.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GUARD_CARE",
    default: "none",
    meaning:
      "Campaigns that the service supervises: none, all, or a scope as JSON with any of ids, divisionIds, queueIds and namePattern.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GUARD_INTERVAL_MS",
    default: String(defaultSupervisionPolicy.intervalMs),
    meaning: "Milliseconds from one look at the supervised campaigns to the next.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GUARD_PAUSE_DWELL_MS",
    default: String(defaultSupervisionPolicy.pauseDwellMs),
    meaning:
      "Milliseconds for which a running campaign must be short of agents, or of a known window, before it is paused.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GUARD_RESUME_DWELL_MS",
    default: String(defaultSupervisionPolicy.resumeDwellMs),
    meaning:
      "Milliseconds for which all must be right before what the guard itself paused is resumed.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GUARD_CLOSING_MARGIN_MS",
    default: String(defaultSupervisionPolicy.closingMarginMs),
    meaning:
      "Milliseconds before a window closes at which campaigns are paused: at least 1.1 intervals and 70 seconds, the guard's lag.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GUARD_FLAP_LIMIT",
    default: String(defaultSupervisionPolicy.flapLimit),
    meaning:
      "Pauses and resumes of one campaign by the guard in an hour; a pause because of the window is never held back.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GUARD_DRIFT",
    default: defaultSupervisionPolicy.drift,
    meaning:
      "What becomes of a change made elsewhere, beside its record: report, adopt, or revert, which pauses what was started.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_GUARD_REVERT_STOPS",
    default: "no",
    meaning: "Whether revert also starts again what was stopped elsewhere: yes or no.",
    secret: false
  }
] as const satisfies ReadonlyArray<ConfigPage>

/** The name of a configuration value. */
export type ConfigKey = (typeof configPages)[number]["key"]
