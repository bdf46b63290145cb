import {
  defaultSupervisionPolicy,
  supervisionLagMs,
  type SupervisionPolicy
} from "../supervision/SupervisionPolicy.ts"
import { careText } from "./careText.ts"
import { oneOf, wholeNumber } from "./parsers.ts"
import type { Reader } from "./Reader.ts"

/** Milliseconds between looks: a second at least, which alone takes a fifth of the usual requests; an hour at most. */
const SHORTEST_INTERVAL_MS = 1_000
const LONGEST_INTERVAL_MS = 3_600_000
/** Milliseconds in a day: a longer dwell or margin would cover the whole of a window. */
const LONGEST_DWELL_MS = 86_400_000
/** Pauses and resumes in an hour: one a second is no limit any more. */
const MOST_FLAPS = 3_600

/** How campaigns are supervised. */
export const readSupervision = (reader: Reader): SupervisionPolicy => {
  const usual = defaultSupervisionPolicy
  const dwell = wholeNumber(0, LONGEST_DWELL_MS)
  const care = reader.optional("CAMPAIGNCTL_GUARD_CARE", careText)
  const intervalMs =
    reader.optional(
      "CAMPAIGNCTL_GUARD_INTERVAL_MS",
      wholeNumber(SHORTEST_INTERVAL_MS, LONGEST_INTERVAL_MS)
    ) ?? usual.intervalMs
  const closingMarginMs =
    reader.optional("CAMPAIGNCTL_GUARD_CLOSING_MARGIN_MS", dwell) ?? usual.closingMarginMs
  const lagMs = supervisionLagMs({ intervalMs })
  if (closingMarginMs < lagMs)
    reader.reject(
      reader.isSet("CAMPAIGNCTL_GUARD_CLOSING_MARGIN_MS")
        ? "CAMPAIGNCTL_GUARD_CLOSING_MARGIN_MS"
        : "CAMPAIGNCTL_GUARD_INTERVAL_MS",
      `a margin of at least ${lagMs}, which covers the lag at this interval`,
      `margin ${closingMarginMs}, interval ${intervalMs}`
    )
  return {
    care: care === undefined ? usual.care : care,
    intervalMs,
    closingMarginMs,
    pauseDwellMs: reader.optional("CAMPAIGNCTL_GUARD_PAUSE_DWELL_MS", dwell) ?? usual.pauseDwellMs,
    resumeDwellMs:
      reader.optional("CAMPAIGNCTL_GUARD_RESUME_DWELL_MS", dwell) ?? usual.resumeDwellMs,
    flapLimit:
      reader.optional("CAMPAIGNCTL_GUARD_FLAP_LIMIT", wholeNumber(0, MOST_FLAPS)) ??
      usual.flapLimit,
    drift:
      reader.optional("CAMPAIGNCTL_GUARD_DRIFT", oneOf(["report", "adopt", "revert"])) ??
      usual.drift,
    revertStops:
      (reader.optional("CAMPAIGNCTL_GUARD_REVERT_STOPS", oneOf(["yes", "no"])) ?? "no") === "yes"
  }
}
