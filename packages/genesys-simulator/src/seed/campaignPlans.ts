import type { JsonObject } from "../Json.ts"
import type { CampaignStatus } from "../world/CampaignStatus.ts"
import type { SeedQueueKey } from "./seedQueues.ts"

export interface CampaignPlan {
  readonly name: string
  readonly status: CampaignStatus
  readonly dialingMode: string
  readonly queue?: SeedQueueKey
  readonly contacts: number
  readonly called: number
  readonly callableTimeSet?: boolean
  /** Merged into the document last, so that it can hold anything. */
  readonly extra?: JsonObject
}

/** Fields such as the platform grows from release to release: a client that rebuilds the body from its own types loses them. */
const FIELDS_THAT_NO_TYPE_KNOWS: JsonObject = {
  maxCallsPerAgent: 2.5,
  pacingProfile: {
    curve: "steady",
    ceilings: [0.25, 0.5, 0.75],
    nested: { empty: {}, none: null, list: [] }
  },
  "x-crm-reference": "ACME-2026-Σ-0042 \u{1F4DE}",
  wrapUpHints: [
    { code: "callback", weight: 0.1 },
    { code: "sale", weight: 1e-7 }
  ],
  reviewedBy: null
}

/** The default organisation: one campaign for each situation that matters. */
export const CAMPAIGN_PLANS: ReadonlyArray<CampaignPlan> = [
  {
    name: "Spring Renewals UK",
    status: "on",
    dialingMode: "power",
    queue: "renewals",
    contacts: 40_000,
    called: 12_480
  },
  {
    name: "Winback Lapsed Customers",
    status: "off",
    dialingMode: "progressive",
    queue: "winback",
    contacts: 9_000,
    called: 310
  },
  {
    name: "Collections Early Stage",
    status: "on",
    dialingMode: "predictive",
    queue: "collections",
    contacts: 25_000,
    called: 8_015,
    callableTimeSet: true
  },
  {
    name: "Appointment Reminders",
    status: "off",
    dialingMode: "agentless",
    contacts: 3_200,
    called: 0,
    extra: { outboundLineCount: 4 }
  },
  {
    name: "After-Service Survey",
    status: "complete",
    dialingMode: "power",
    queue: "surveys",
    contacts: 1_500,
    called: 1_500
  },
  {
    name: "Mortgage Leads",
    status: "invalid",
    dialingMode: "predictive",
    queue: "surveys",
    contacts: 700,
    called: 0,
    extra: {
      errors: [
        {
          error: "contact.list.not.found",
          details: "The contact list of the campaign was deleted."
        }
      ]
    }
  },
  {
    name: "Night Shift Follow-up",
    status: "off",
    dialingMode: "power",
    queue: "night",
    contacts: 2_000,
    called: 45
  },
  {
    name: "Field Service Callbacks",
    status: "off",
    dialingMode: "preview",
    queue: "field",
    contacts: 600,
    called: 20,
    extra: FIELDS_THAT_NO_TYPE_KNOWS
  },
  {
    name: "Last Contacts of the Quarter",
    status: "off",
    dialingMode: "power",
    queue: "field",
    contacts: 500,
    called: 494
  }
]
