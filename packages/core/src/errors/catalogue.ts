/** What is always true of an error, whichever campaign it happened to. */
export interface ErrorPage {
  /** Stable: scripts and other systems may match on it. */
  readonly code: string
  readonly title: string
  readonly causes: ReadonlyArray<string>
  readonly nextStep: string
}

/** Every error that the product raises, by tag: one per decision that a caller makes. */
export const errorCatalogue = {
  CampaignNotFound: {
    code: "CAMPAIGN_NOT_FOUND",
    title: "No such campaign",
    causes: [
      "the id belongs to another organisation or region",
      "the campaign was deleted",
      "the OAuth client's roles do not reach the campaign's division"
    ],
    nextStep: "Check the id with `campaignctl get`, and the region with `campaignctl doctor`."
  },
  TransitionRejected: {
    code: "TRANSITION_REJECTED",
    title: "The change is not allowed now",
    causes: ["at least one guard failed, or a fact needed to start could not be learned"],
    nextStep:
      "Read the verdicts; put right what they name, or override a guard by name with a note."
  },
  LockConflict: {
    code: "LOCK_CONFLICT",
    title: "Somebody else changed the campaign at the same time",
    causes: [
      "another operator, a Genesys schedule or a campaign rule wrote between read and write",
      "a start was under way when somebody asked for the campaign to stop: the stop goes first"
    ],
    nextStep: "Look at the campaign again, then ask again if the change is still wanted."
  },
  RateLimited: {
    code: "RATE_LIMITED",
    title: "Genesys grants no more requests for now",
    causes: ["the OAuth client's requests per minute are spent, by this or another program"],
    nextStep: "Wait as long as the error says, then ask again."
  },
  BudgetUnavailable: {
    code: "BUDGET_UNAVAILABLE",
    title: "The database of the request budget cannot be reached",
    causes: [
      "the database is down, or does not answer in time",
      "the network between this program and the database"
    ],
    nextStep:
      "Bring back the database that CAMPAIGNCTL_DATABASE_URL names, then ask again; `campaignctl halt` goes on without it."
  },
  NotAuthenticated: {
    code: "NOT_AUTHENTICATED",
    title: "Genesys does not accept the credentials",
    causes: [
      "the client id or the client secret is wrong",
      "the OAuth client belongs to another region",
      "the OAuth client was deleted or disabled"
    ],
    nextStep:
      "Check OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and GENESYS_REGION, then `campaignctl doctor`."
  },
  PermissionMissing: {
    code: "PERMISSION_MISSING",
    title: "The OAuth client may not do this",
    causes: [
      "a role of the OAuth client lacks the permission",
      "the role is not granted in the campaign's division",
      "a permission was added less than five minutes ago"
    ],
    nextStep:
      "Grant the permission that the error names to a role of the OAuth client, in the campaign's division."
  },
  GenesysRefused: {
    code: "GENESYS_REFUSED",
    title: "Genesys refused the change",
    causes: ["the campaign's own configuration or the organisation's limits do not allow it"],
    nextStep: "Put right what the Genesys code names; quote the context id to Genesys support."
  },
  GenesysUnavailable: {
    code: "GENESYS_UNAVAILABLE",
    title: "Genesys could not be reached or did not answer properly",
    causes: ["the network or a proxy", "an outage of the region", "a wrong region or URL"],
    nextStep: "Check the network and GENESYS_REGION with `campaignctl doctor`; try again."
  },
  OutcomeUnknown: {
    code: "OUTCOME_UNKNOWN",
    title: "It is not known whether the change was made",
    causes: [
      "the reply was lost and the campaign could not be read back, or did not show the change"
    ],
    nextStep:
      "Look at the campaign before anything else: `campaignctl get ID`. The next run settles the audit entry."
  },
  RetriesExhausted: {
    code: "RETRIES_EXHAUSTED",
    title: "The change was not made after every retry",
    causes: ["the last error names it"],
    nextStep: "Deal with the last error, then ask again."
  },
  AuditUnavailable: {
    code: "AUDIT_UNAVAILABLE",
    title: "The audit ledger cannot be used",
    causes: ["the disk is full", "the file is read-only or not a ledger", "the database is down"],
    nextStep:
      "Put the ledger right (`campaignctl doctor` says where it is); without it no change is made."
  },
  ConfigInvalid: {
    code: "CONFIG_INVALID",
    title: "The configuration is not usable",
    causes: ["a value is missing or malformed; every problem is listed"],
    nextStep: "Set the values that are named."
  },
  RequestInvalid: {
    code: "REQUEST_INVALID",
    title: "The request is not well formed",
    causes: [
      "an id, a target, a reason, a duration or an override is malformed; every problem is listed"
    ],
    nextStep: "Correct what is named and ask again; nothing was written."
  }
} as const satisfies Record<string, ErrorPage>

/** The tag of an error, by which a program tells it apart. */
export type ErrorTag = keyof typeof errorCatalogue
/** The stable code of an error, as other systems see it. */
export type ErrorCode = (typeof errorCatalogue)[ErrorTag]["code"]
