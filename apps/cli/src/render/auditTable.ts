import type { AuditEntry } from "@campaignctl/core"
import type { Channel, Style } from "../terminal/Terminal.ts"
import { type Column, table } from "./table.ts"

const outcomeStyle = ({ kind, success }: AuditEntry): Style =>
  kind === "intent" ? "dim" : success ? "green" : "red"

/** From what to what; of a message, what it told; of changed rules, what was done. */
const changeText = ({
  currentState,
  delivery,
  fleet,
  previousState,
  rules,
  targetState
}: AuditEntry): string => {
  if (delivery !== undefined) return delivery.eventType
  if (fleet !== undefined) return `fleet → ${fleet.targetState}, ${fleet.status}`
  if (rules !== undefined) return rules.what
  const [from, to] =
    targetState === null ? [previousState, currentState] : [currentState, targetState]
  return from === undefined || from === null ? (to ?? "–") : `${from} → ${to}`
}

const COLUMNS: ReadonlyArray<Column<AuditEntry>> = [
  { title: "#", text: ({ sequence }) => sequence.toString() },
  {
    title: "WHEN (UTC)",
    text: ({ timestamp }) => timestamp.replace("T", " ").replace(/\.\d+Z$/, "")
  },
  { title: "CAMPAIGN", text: ({ campaignName }) => campaignName, gives: "end" },
  { title: "KIND", text: ({ kind }) => kind },
  {
    title: "CHANGE",
    text: changeText
  },
  { title: "OUTCOME", text: ({ outcome }) => outcome ?? "–", style: outcomeStyle },
  {
    title: "WHY",
    text: ({ delivery, errorCode, pauseReason }) =>
      errorCode ?? pauseReason ?? (delivery === undefined ? "–" : `to ${delivery.receiver}`)
  },
  { title: "TRIES", text: ({ attempts }) => attempts.toString() },
  { title: "BY", text: ({ requestedBy }) => requestedBy }
]

/** Audit entries under their titles. */
export const auditTable = (
  entries: ReadonlyArray<AuditEntry>,
  channel: Pick<Channel, "columns" | "paint">
): ReadonlyArray<string> => table(COLUMNS, entries, channel)
