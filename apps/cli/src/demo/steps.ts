import type { ControlClient, SimulatorReady } from "@campaignctl/genesys-simulator"
import { ExitCode } from "../exit/ExitCode.ts"
import type { Step } from "./Step.ts"
import { tracedStart } from "./tracedStart.ts"

/** Hours by which the window of the refused start begins later than now: far from either edge. */
const LATER_HOURS = 6
/** The last hour that a window of one hour can begin in without passing midnight. */
const LAST_HOUR = 23

/** An hour of the day, in UTC, that it is not now. */
export const closedWindow = (now: Date): string => {
  const hour = (now.getUTCHours() + LATER_HOURS) % LAST_HOUR
  const at = (value: number) => `${String(value).padStart(2, "0")}:00`
  return `${at(hour)}-${at(hour + 1)} UTC`
}

/** Seconds that the demonstrated 429 asks to wait. */
const RETRY_AFTER_SECONDS = 2
/** Agents left on the queue when the start is refused, one less than a start needs, and after they are back. */
const TOO_FEW_AGENTS = 1
const ENOUGH_AGENTS = 5

const WRITE = "PUT /api/v2/outbound/campaigns/:id"

/** The main job, step by step, over the simulator's own organisation. */
export const stepsFor = (
  ready: SimulatorReady,
  now: Date,
  traced: boolean
): ReadonlyArray<Step> => {
  const idOf = (name: string): string => {
    const found = ready.campaigns.find((campaign) => campaign.name === name)
    if (found === undefined) throw new Error(`The simulator has no campaign “${name}”.`)
    return found.id
  }
  const renewals = idOf("Spring Renewals UK")
  const collections = idOf("Collections Early Stage")
  const winback = idOf("Winback Lapsed Customers")
  const survey = idOf("After-Service Survey")
  const agentsOfRenewals = (count: number) => async (control: ControlClient) => {
    const queue = (await control.queues()).find(({ name }) => name === "Renewals UK")
    if (queue === undefined) throw new Error("The simulator has no queue “Renewals UK”.")
    await control.agents(queue.id, count)
  }
  return [
    { heading: "Every campaign, and the state it is in", words: ["get"], expected: ExitCode.done },
    {
      heading:
        "A client asks for a stop: pause with a reason, and wait until the last call has ended",
      words: ["pause", renewals, "--reason", "CUSTOMER_REQUEST", "--wait"],
      expected: ExitCode.done
    },
    {
      heading:
        "Start it again outside the calling hours, with one agent left: refused, every reason at once",
      words: ["resume", renewals],
      env: { CAMPAIGNCTL_CALLING_WINDOW: closedWindow(now) },
      before: agentsOfRenewals(TOO_FEW_AGENTS),
      expected: ExitCode.rejected
    },
    {
      heading: "The agents are back and the hours have come: now it starts",
      words: ["resume", renewals],
      before: agentsOfRenewals(ENOUGH_AGENTS),
      expected: ExitCode.done
    },
    {
      heading:
        "Somebody else saves the campaign between our read and our write: read again, decide again",
      words: [
        "pause",
        collections,
        "--reason",
        "AGENT_CAPACITY",
        "--note",
        "training this afternoon"
      ],
      before: (control) =>
        control.fault({ kind: "otherWriter", route: WRITE, campaignId: collections }),
      expected: ExitCode.done
    },
    {
      heading: `Genesys answers 429 with Retry-After: ${RETRY_AFTER_SECONDS}: the whole of it is waited for`,
      words: ["resume", winback],
      before: (control) =>
        control.fault({
          kind: "rateLimited",
          retryAfter: String(RETRY_AFTER_SECONDS),
          route: WRITE,
          campaignId: winback
        }),
      expected: ExitCode.done
    },
    ...(traced ? [tracedStart(idOf("Field Service Callbacks"))] : []),
    {
      heading: "A campaign that has run its course is put away",
      words: ["archive", survey, "--note", "survey closed"],
      expected: ExitCode.done
    },
    {
      heading: "Genesys has no word for archived; our ledger has",
      words: ["get", survey],
      expected: ExitCode.done
    },
    {
      heading: "The audit trail: an intent before every write, an outcome after it",
      words: ["audit", "list"],
      expected: ExitCode.done
    },
    {
      heading: "Nobody has altered it",
      words: ["audit", "verify"],
      expected: ExitCode.done
    }
  ]
}
