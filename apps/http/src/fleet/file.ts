import { Ids, RequestInvalid } from "@campaignctl/core"
import {
  applyFile,
  type FleetFile,
  FilePlan,
  hasDifferences,
  Operations,
  planFile,
  PolicyStore,
  readFleetFile,
  Schedules
} from "@campaignctl/operations"
import { Clock, Effect, Result, Schema } from "effect"
import { v7 } from "uuid"
import { boundTo } from "../callers/Caller.ts"
import { mayKeepPolicies, mayOverride } from "../operations/change.ts"
import { operationDocument } from "../operations/documents.ts"
import { operationsPort, policiesPort, schedulesPort } from "../operations/ports.ts"
import { OperationDocument } from "../operations/schemas.ts"
import { json } from "../routes/Answer.ts"
import { none, route } from "../routes/Route.ts"

/** Hexadecimal digits of a SHA-256. */
const DIGEST = /^[0-9a-f]{64}$/

const File = Schema.Record(Schema.String, Schema.Unknown).annotate({
  identifier: "FleetFile",
  description:
    "The declarative file of wanted states, windows, minimum agents and schedules, as JSON. What is wrong with it is told with paths in it."
})

const Plan = Schema.Struct({
  ...FilePlan.fields,
  differs: Schema.Boolean.annotate({ description: "Whether anything is to be done." })
}).annotate({ identifier: "FilePlan" })

const Applied = Schema.Struct({
  plan: Plan,
  operations: Schema.Array(OperationDocument).annotate({
    description: "They go on with the states; windows, minimums and schedules are in force already."
  })
}).annotate({ identifier: "FileApplied" })

/** Reads the file; its problems are told without what was found, as every request's. */
const read = (
  file: unknown,
  { holidayLists }: Pick<Schedules["Service"], "holidayLists">
): Effect.Effect<FleetFile, RequestInvalid> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const found = readFleetFile(file, holidayLists, now)
    return Result.isSuccess(found)
      ? Effect.succeed(found.success)
      : Effect.fail(
          new RequestInvalid({
            problems: found.failure.map((problem) => ({ ...problem, key: `file.${problem.key}` }))
          })
        )
  })

const documentOf = (plan: FilePlan): typeof Plan.Type => ({
  ...plan,
  differs: hasDifferences(plan)
})

export const planRoute = route({
  method: "POST",
  path: "/v1/fleet/plan",
  operationId: "planFile",
  summary: "What is different from what a declarative file wants. Nothing is written anywhere.",
  scope: "campaigns:operate",
  params: none,
  query: none,
  body: Schema.Struct({ file: File }).annotate({ identifier: "PlanRequest" }),
  success: { description: "The plan.", mediaTypes: { "application/json": Plan } },
  problems: [],
  run: Effect.fnUntraced(function* ({ body }, { caller }) {
    const [policies, schedules] = [yield* policiesPort, yield* schedulesPort]
    const file = yield* read(body.file, schedules)
    const plan = yield* planFile(file, caller.divisionIds).pipe(
      Effect.provideService(PolicyStore, policies),
      Effect.provideService(Schedules, schedules)
    )
    return json(documentOf(plan))
  })
})

export const applyRoute = route({
  method: "POST",
  path: "/v1/fleet/apply",
  operationId: "applyFile",
  summary:
    "Bring about what a declarative file wants, as it was planned. To change windows or minimum agents also takes campaigns:override.",
  scope: "campaigns:operate",
  params: none,
  query: none,
  body: Schema.Struct({
    file: File,
    digest: Schema.String.check(
      Schema.isPattern(DIGEST, { expected: "the digest of a plan" })
    ).annotate({
      description:
        "Of the plan that was looked at: where anything has changed since, nothing is done."
    })
  }).annotate({ identifier: "ApplyRequest" }),
  success: {
    description: "What was done, and the operations that go on with the rest.",
    mediaTypes: { "application/json": Applied },
    status: 202
  },
  problems: ["PLAN_STALE", "PLAN_REFUSED", "SCHEDULE_NOT_FOUND"],
  runsToTheEnd: true,
  run: Effect.fnUntraced(function* ({ body }, { caller }) {
    const [policies, schedules] = [yield* policiesPort, yield* schedulesPort]
    const file = yield* read(body.file, schedules)
    for (const { change } of file.schedules) yield* mayOverride(change.overrides, caller)
    const applied = yield* applyFile({
      file,
      digest: body.digest,
      requestedBy: caller.requestedBy,
      source: "http",
      check: ({ policies }) => (policies.length === 0 ? Effect.void : mayKeepPolicies(caller)),
      ...boundTo(caller)
    }).pipe(
      Effect.provideService(PolicyStore, policies),
      Effect.provideService(Schedules, schedules),
      Effect.provideService(Operations, yield* operationsPort),
      Effect.provideService(Ids, { next: Effect.sync(() => v7()) })
    )
    return {
      ...json({
        plan: documentOf(applied.plan),
        operations: applied.operations.map(operationDocument)
      } satisfies typeof Applied.Type),
      status: 202
    }
  })
})
