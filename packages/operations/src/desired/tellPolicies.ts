import { type AuditLog, type AuditUnavailable, printWindow } from "@campaignctl/core"
import { Effect } from "effect"
import { documentText, LONGEST_DOCUMENT } from "../rules/documentText.ts"
import { type ChangedBy, rulesDraft } from "../rules/rulesDraft.ts"
import type { ChangedPolicy, ManagedPolicy } from "./PolicyStore.ts"

/** What the ledger keeps of one campaign's policy. The file that keeps it is the entry's, unless said. */
const shortOf = (file: string, { managedBy, policy }: ManagedPolicy) => ({
  ...(policy.window === undefined ? {} : { window: printWindow(policy.window) }),
  ...(policy.minimumAgents === undefined ? {} : { minimumAgents: policy.minimumAgents }),
  ...(managedBy === file ? {} : { managedBy })
})

type Documents = ReadonlyArray<readonly [campaignId: string, document: object]>

const documentsOf = (
  file: string,
  changed: ReadonlyArray<ChangedPolicy>,
  when: "before" | "after"
): Documents =>
  changed.flatMap(({ campaignId, [when]: policy }) =>
    policy === null ? [] : [[campaignId, shortOf(file, policy)] as const]
  )

/** As many in each entry as fit uncut, so that a file of any size is told of campaign by campaign. */
const entriesOf = (
  file: string,
  changed: ReadonlyArray<ChangedPolicy>
): ReadonlyArray<ReadonlyArray<ChangedPolicy>> => {
  const entries: Array<Array<ChangedPolicy>> = []
  let length = Infinity
  for (const one of changed) {
    const own = Math.max(textOf(file, [one], "before").length, textOf(file, [one], "after").length)
    if (length + own > LONGEST_DOCUMENT) {
      entries.push([])
      length = 0
    }
    entries.at(-1)?.push(one)
    length += own
  }
  return entries
}

const textOf = (
  file: string,
  changed: ReadonlyArray<ChangedPolicy>,
  when: "before" | "after"
): string => {
  const documents = documentsOf(file, changed, when)
  return documents.length === 0 ? "" : documentText(Object.fromEntries(documents))
}

/** Tells the ledger which campaigns' own windows and minimums of agents are different now. */
export const tellPolicies = (
  ledger: AuditLog["Service"],
  file: string,
  by: ChangedBy
): ((changed: ReadonlyArray<ChangedPolicy>) => Effect.Effect<void, AuditUnavailable>) =>
  Effect.fnUntraced(function* (changed) {
    for (const entry of entriesOf(file, changed)) {
      const before = textOf(file, entry, "before")
      const after = textOf(file, entry, "after")
      const draft = yield* rulesDraft(
        {
          what: "policies-applied",
          name: file,
          ...(before === "" ? {} : { before }),
          ...(after === "" ? {} : { after })
        },
        by
      )
      yield* ledger.append(draft)
    }
  })
