import type { Observation } from "@campaignctl/core"
import { isSelected } from "../fleet/select.ts"
import type { FleetEntry, FleetFile } from "./FleetFile.ts"

/** A campaign and the entry of a file that speaks for it. */
export interface Spoken {
  readonly seen: Observation
  readonly entry: FleetEntry
  readonly index: number
}

/** The first entry that selects a campaign speaks for it. */
export const spokenFor = (file: FleetFile, seen: Observation): ReadonlyArray<Spoken> => {
  const index = file.entries.findIndex(({ select }) => isSelected(select, undefined, seen))
  const entry = file.entries[index]
  return entry === undefined ? [] : [{ seen, entry, index }]
}
