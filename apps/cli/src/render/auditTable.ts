import type { AuditEntry } from "@campaignctl/core"
import type { Channel, Style } from "../terminal/Terminal.ts"
import { type Column, table } from "./table.ts"

const outcomeStyle = ({ kind, success }: AuditEntry): Style =>
  kind === "intent" ? "dim" : success ? "green" : "red"

const COLUMNS: ReadonlyArray<Column<AuditEntry>> = [
  { title: "#", text: ({ sequence }) => sequence.toString() },
  {
    title: "WHEN (UTC)",
    text: ({ timestamp }) => timestamp.replace("T", " ").replace(/\.\d+Z$/, "")
  },
  { title: "CAMPAIGN", text: ({ campaignName }) => campaignName, gives: true },
  { title: "KIND", text: ({ kind }) => kind },
  {
    title: "CHANGE",
    text: ({ currentState, targetState }) =>
      targetState === null ? (currentState ?? "–") : `${currentState} → ${targetState}`
  },
  { title: "OUTCOME", text: ({ outcome }) => outcome ?? "–", style: outcomeStyle },
  { title: "WHY", text: ({ errorCode, pauseReason }) => errorCode ?? pauseReason ?? "–" },
  { title: "TRIES", text: ({ attempts }) => attempts.toString() },
  { title: "BY", text: ({ requestedBy }) => requestedBy }
]

/** Audit entries under their titles. */
export const auditTable = (
  entries: ReadonlyArray<AuditEntry>,
  channel: Pick<Channel, "columns" | "paint">
): ReadonlyArray<string> => table(COLUMNS, entries, channel)
