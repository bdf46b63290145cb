import { type AuditEntry, entryText } from "@campaignctl/core"
import { Stream } from "effect"

/**
 * One line of JSON per entry, each the canonical text that the ledger stores: whoever has the lines can
 * compute the hashes again.
 */
export const exportNdjson = <E, R>(
  entries: Stream.Stream<AuditEntry, E, R>
): Stream.Stream<string, E, R> => Stream.map(entries, (entry) => `${entryText(entry)}\n`)
