import {
  AgentCapacity,
  type AgentsAvailable,
  CallingWindows,
  defaultCallingWindow
} from "@campaignctl/core"
import { memoryAuditLog, memoryGateway, sequentialIds } from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { Effect, Layer, Result } from "effect"
import { type FleetFile, readFleetFile } from "../../src/desired/FleetFile.ts"
import { PolicyStore } from "../../src/desired/PolicyStore.ts"
import type { Operation, OperationSpec } from "../../src/domain/Operation.ts"
import { Operations } from "../../src/ports/Operations.ts"
import { Schedules, type ScheduleSubmission, type ScheduleView } from "../../src/ports/Schedules.ts"
import type { ScheduleDraft } from "../../src/schedules/Schedule.ts"

export const NOON = Date.UTC(2026, 10, 23, 12)

/** What was submitted, and which schedules are kept: the engine itself has tests of its own. */
export class Kept {
  readonly specs: Array<OperationSpec> = []
  readonly schedules = new Map<string, ScheduleView>()
}

const viewOf = (draft: ScheduleDraft, managedBy: string | null): ScheduleView => ({
  schedule: {
    ...draft,
    id: `id of ${draft.name}`,
    enabled: draft.enabled ?? true,
    createdBy: "ada",
    createdAt: "2026-11-23T12:00:00.000Z"
  },
  nextAt: null,
  lastFiring: null,
  managedBy,
  problem: null
})

const notAsked = () => Effect.die("not asked for here")

const submitting = (kept: Kept) =>
  Layer.mock(Operations, {
    submit: ({ id, requestedBy, source, spec }) =>
      Effect.sync((): Operation => {
        kept.specs.push(spec)
        return {
          id,
          spec,
          requestedBy,
          source,
          status: "pending",
          counts: {
            pending: 0,
            running: 0,
            draining: 0,
            applied: 0,
            alreadyThere: 0,
            rejected: 0,
            failed: 0,
            unknown: 0,
            skipped: 0
          },
          scheduleId: null,
          divisionIds: null,
          cancelRequested: false,
          submittedAt: "2026-11-23T12:00:00.000Z",
          startedAt: null,
          finishedAt: null,
          detail: null,
          report: null
        }
      })
  })

const scheduling = (kept: Kept) => {
  const put = ({ draft, managedBy }: ScheduleSubmission) =>
    Effect.sync(() => {
      // What the file was read to is a draft.
      const view = viewOf(draft as ScheduleDraft, managedBy ?? null)
      kept.schedules.set(view.schedule.name, view)
      return { view, warnings: [] }
    })
  return Layer.succeed(Schedules, {
    holidayLists: {},
    add: put,
    replace: put,
    list: () => Effect.sync(() => [...kept.schedules.values()]),
    remove: (name) =>
      Effect.suspend(() => {
        const view = kept.schedules.get(name)
        kept.schedules.delete(name)
        return view === undefined ? Effect.die(`there is no ${name}`) : Effect.succeed(view)
      }),
    get: notAsked,
    next: notAsked,
    firings: notAsked
  })
}

/** A schedule that somebody added, by hand unless a file is named. */
export const keep = (kept: Kept, draft: ScheduleDraft, managedBy: string | null = null): void => {
  kept.schedules.set(draft.name, viewOf(draft, managedBy))
}

const five: AgentsAvailable = { _tag: "AgentsAvailable", available: 5, of: "every queue" }

const fiveAgents = Layer.succeed(AgentCapacity, {
  available: () => Effect.succeed(five),
  availableAll: (scopes) => Effect.succeed(scopes.map(() => five))
})

export const worldOf = (kept: Kept) =>
  Layer.mergeAll(
    memoryGateway,
    fiveAgents,
    CallingWindows.always(defaultCallingWindow),
    memoryAuditLog.pipe(Layer.provideMerge(sequentialIds)),
    PolicyStore.layer.pipe(Layer.provide(layerSqliteClient({ filename: ":memory:" }))),
    submitting(kept),
    scheduling(kept)
  )

/** A file that is known to be well formed. */
export const fileOf = (value: object): FleetFile =>
  Result.getOrThrowWith(
    readFleetFile({ version: 1, name: "emea", ...value }, {}, NOON),
    (problems) => new Error(JSON.stringify(problems))
  )
