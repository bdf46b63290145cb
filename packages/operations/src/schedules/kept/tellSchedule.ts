import type { AuditEntry, AuditLog, AuditUnavailable } from "@campaignctl/core"
import { Effect } from "effect"
import type { AskedBy } from "../../ports/Schedules.ts"
import { documentText } from "../../rules/documentText.ts"
import { rulesDraft } from "../../rules/rulesDraft.ts"
import type { KeptSchedule } from "./KeptSchedule.ts"

type Rules = Pick<KeptSchedule, "schedule" | "managedBy" | "divisionIds">

/** A schedule with all that decides what its firings do, and for whom. */
const documentOf = ({ divisionIds, managedBy, schedule }: Rules): string => {
  const { createdAt: _at, ...rules } = schedule
  return documentText({ ...rules, managedBy, divisionIds })
}

/** The division whose callers may see the schedule, by the first that `isTheirs` goes by; null where it is not one alone. */
const divisionOf = ({ divisionIds, schedule }: Rules): string | null =>
  onlyOne(divisionIds) ?? onlyOne(schedule.selector.divisionIds)

const onlyOne = (divisions: ReadonlyArray<string> | null | undefined): string | null =>
  divisions?.length === 1 ? (divisions[0] ?? null) : null

/**
 * Tells the ledger of a schedule that was added, put in another's place, or removed. Of one that is
 * replaced by its like there is nothing to tell.
 */
export const tellSchedule = Effect.fnUntraced(function* (
  ledger: AuditLog["Service"],
  { requestedBy, source }: AskedBy,
  [before, after]: readonly [Rules, Rules | null] | readonly [null, Rules]
): Effect.fn.Return<AuditEntry | undefined, AuditUnavailable> {
  const told = [before, after].flatMap((one) => (one === null ? [] : [one]))
  const [was, is] = [before, after].map((one) => (one === null ? undefined : documentOf(one)))
  if (was === is) return undefined
  const [division, ...others] = new Set(told.map(divisionOf))
  const draft = yield* rulesDraft(
    {
      what:
        was === undefined
          ? "schedule-added"
          : is === undefined
            ? "schedule-removed"
            : "schedule-replaced",
      name: told[0]?.schedule.name ?? "",
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { after: is })
    },
    {
      requestedBy,
      source,
      // Of two divisions it is nobody's alone to read about.
      divisionId: others.length === 0 ? (division ?? null) : null
    }
  )
  return yield* ledger.append(draft)
})
