import type { Change } from "../ports/CampaignGateway.ts"
import type { TransitionRequest } from "./TransitionRequest.ts"

/** What is sent for a request. */
export const changeOf = ({
  drain = true,
  pauseReason,
  restart = false,
  target
}: TransitionRequest): Change => ({
  target,
  drain,
  restart,
  ...(pauseReason === undefined ? {} : { pauseReason })
})
