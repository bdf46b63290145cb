import type { CampaignDocument } from "../documents/CampaignDocument.ts"
import type { Channel } from "../terminal/Terminal.ts"
import { stateStyle } from "./stateStyle.ts"
import { type Column, table } from "./table.ts"

const COLUMNS: ReadonlyArray<Column<CampaignDocument>> = [
  { title: "ID", text: ({ id }) => id },
  { title: "NAME", text: ({ name }) => name, gives: "end" },
  {
    title: "STATE",
    text: ({ drifted, state }) => (drifted ? `${state} (drifted)` : state),
    style: ({ state }) => stateStyle[state]
  },
  { title: "GENESYS", text: ({ status }) => status },
  { title: "MODE", text: ({ dialingMode }) => dialingMode ?? "–" },
  { title: "QUEUE", text: ({ queue }) => queue?.name ?? queue?.id ?? "–" }
]

/** Campaigns under their titles. */
export const campaignTable = (
  campaigns: ReadonlyArray<CampaignDocument>,
  channel: Pick<Channel, "columns" | "paint">
): ReadonlyArray<string> => table(COLUMNS, campaigns, channel)
