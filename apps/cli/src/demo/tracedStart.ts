import { randomBytes } from "node:crypto"
import type { ControlClient } from "@campaignctl/genesys-simulator"
import { ExitCode } from "../exit/ExitCode.ts"
import { TRACE_VARIABLE } from "../process/traced.ts"
import type { Step } from "./Step.ts"

// Source: W3C Trace Context.
const TRACE_ID_BYTES = 16
const SPAN_ID_BYTES = 8

/** Seconds that the 429 of the traced start asks to wait. */
const RETRY_AFTER_SECONDS = 1

const WRITE = "PUT /api/v2/outbound/campaigns/:id"

/** A start that meets another writer and then a rate limit, with its whole trace. */
export const tracedStart = (campaignId: string): Step => {
  const traceId = randomBytes(TRACE_ID_BYTES).toString("hex")
  return {
    heading:
      "Both troubles in one start, as a part of its caller's trace: the tree, and what Genesys was told of it",
    words: ["resume", campaignId],
    env: {
      [TRACE_VARIABLE]: "1",
      TRACEPARENT: `00-${traceId}-${randomBytes(SPAN_ID_BYTES).toString("hex")}-01`
    },
    before: async (control) => {
      await control.fault({ kind: "otherWriter", route: WRITE, campaignId })
      await control.fault({
        kind: "rateLimited",
        retryAfter: String(RETRY_AFTER_SECONDS),
        route: WRITE,
        campaignId,
        after: 1
      })
    },
    after: (control) => received(control, traceId),
    expected: ExitCode.done
  }
}

const received = async (control: ControlClient, traceId: string): Promise<string> => {
  const requests = (await control.requests()).filter(({ traceparent }) =>
    traceparent?.includes(traceId)
  )
  return [
    "",
    "The requests that the simulator has received, each with the span that it comes from:",
    ...requests.map(
      ({ route, status, traceparent }) => `  ${traceparent}  ${status ?? "cut off"}  ${route ?? ""}`
    ),
    ""
  ].join("\n")
}
