import {
  AuditLog,
  type AuditSource,
  type AuditUnavailable,
  type CampaignId,
  type GatewayError,
  Ids,
  type RequestInvalid,
  type TransitionPorts
} from "@campaignctl/core"
import { Effect, Schema } from "effect"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { type Operation, OperationId } from "../domain/Operation.ts"
import type { ScheduleNotFound } from "../domain/ScheduleNotFound.ts"
import { Operations } from "../ports/Operations.ts"
import { Schedules } from "../ports/Schedules.ts"
import type { FilePlan, StateDifference } from "./FilePlan.ts"
import type { FleetEntry, FleetFile } from "./FleetFile.ts"
import { planFile } from "./planFile.ts"
import { PlanRefused, PlanStale } from "./PlanStale.ts"
import { type PolicyChange, PolicyStore } from "./PolicyStore.ts"
import { tellPolicies } from "./tellPolicies.ts"

/** Campaigns that one fleet of a file changes at once. */
const CONCURRENCY = 8

/** What is to be applied, and for whom. */
export interface ApplyRequest<E = never> {
  readonly file: FleetFile
  /** Of the plan that was looked at. */
  readonly digest: string
  readonly requestedBy: string
  readonly source: AuditSource
  readonly divisionIds?: ReadonlyArray<string>
  /** What must hold of the plan before anything is done, such as that whoever asks may do all of it. */
  readonly check?: (plan: FilePlan) => Effect.Effect<void, E>
}

/** What was done, and the operations that go on with the rest. */
export interface FileApplied {
  readonly plan: FilePlan
  readonly operations: ReadonlyArray<Operation>
}

export type ApplyError =
  | PlanStale
  | PlanRefused
  | RequestInvalid
  | ScheduleNotFound
  | GatewayError
  | AuditUnavailable
  | OperationsUnavailable

/**
 * Brings about what a fleet file wants, where nothing has changed since it was planned: first what
 * stops, then windows, minimums and schedules, and last what starts, which is judged by them.
 *
 * The states are changed by operations, which go on after it returns. Where it fails in between, what
 * was done stays done, and the next plan shows the rest.
 */
export const applyFile = Effect.fnUntraced(function* <E = never>(
  request: ApplyRequest<E>
): Effect.fn.Return<
  FileApplied,
  ApplyError | E,
  TransitionPorts | PolicyStore | Schedules | Operations | Ids
> {
  const { check, digest, divisionIds, file } = request
  const plan = yield* planFile(file, divisionIds)
  if (plan.refusals.length > 0) return yield* new PlanRefused({ refusals: plan.refusals })
  if (plan.digest !== digest) return yield* new PlanStale({ now: plan })
  if (check !== undefined) yield* check(plan)
  const stops = yield* submitAll(
    request,
    plan.states.filter(({ to }) => to !== "active")
  )
  yield* putPolicies(request, plan)
  yield* putSchedules(request, plan)
  const starts = yield* submitAll(
    request,
    plan.states.filter(({ to }) => to === "active")
  )
  return { plan, operations: [...stops, ...starts] }
})

type Applying = Omit<ApplyRequest, "check">

/** One fleet for the campaigns of each entry. */
const submitAll = (request: Applying, differences: ReadonlyArray<StateDifference>) =>
  Effect.forEach(
    Map.groupBy(differences, ({ entry }) => entry),
    ([index, those]) =>
      submit(
        request,
        request.file.entries[index],
        those.map(({ campaignId }) => campaignId)
      )
  ).pipe(Effect.map((submitted) => submitted.flat()))

const submit = Effect.fnUntraced(function* (
  { divisionIds, requestedBy, source }: Applying,
  entry: FleetEntry | undefined,
  ids: ReadonlyArray<CampaignId>
) {
  if (entry?.change === undefined) return []
  const operations = yield* Operations
  const { next } = yield* Ids
  const id = Schema.decodeUnknownSync(OperationId)(yield* next)
  return [
    yield* operations.submit({
      id,
      spec: {
        _tag: "Fleet",
        selector: { ...entry.select, ids },
        change: entry.change,
        order: "name",
        concurrency: CONCURRENCY,
        maxFailures: null
      },
      requestedBy,
      source,
      ...(divisionIds === undefined ? {} : { divisionIds })
    })
  ]
})

const putPolicies = Effect.fnUntraced(function* (
  { divisionIds, file, requestedBy, source }: Applying,
  { policies }: FilePlan
) {
  if (policies.length === 0) return
  const store = yield* PolicyStore
  const change = {
    managedBy: file.name,
    by: requestedBy,
    put: policies.flatMap(({ after, campaignId, entry }) => {
      const wanted = after === null || entry === null ? undefined : file.entries[entry]
      return wanted === undefined ? [] : [[campaignId, wanted.policy] as const]
    }),
    remove: policies.flatMap(({ after, campaignId }) => (after === null ? [campaignId] : []))
  } satisfies PolicyChange
  // Of a caller who is bound to one division, the campaigns are all in that one.
  const divisionId = divisionIds?.length === 1 ? (divisionIds[0] ?? null) : null
  const by = { requestedBy, source, divisionId }
  yield* store.change(change, tellPolicies(yield* AuditLog, file.name, by))
})

const putSchedules = Effect.fnUntraced(function* (
  { divisionIds, file, requestedBy, source }: Applying,
  { schedules }: FilePlan
) {
  const kept = yield* Schedules
  const by = { requestedBy, source, ...(divisionIds === undefined ? {} : { divisionIds }) }
  for (const { change, name } of schedules) {
    if (change === "remove") yield* kept.remove(name, by)
    const draft = file.schedules.find((one) => one.name === name)
    if (change !== "remove" && draft !== undefined)
      yield* kept[change]({ draft, managedBy: file.name, ...by })
  }
})
