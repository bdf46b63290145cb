import type { AuditLog, Ids } from "@campaignctl/core"
import { it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { OperationStore } from "../../../src/database/OperationStore.ts"
import { layerSchedules, type ScheduleDraft, Schedules } from "../../../src/index.ts"
import { fireDue } from "../../../src/schedules/firing/fireDue.ts"
import { withLedger } from "../../support/databases.ts"
import { ScheduleStore } from "../../../src/schedules/kept/ScheduleStore.ts"
import { at } from "../support.ts"

export const opening: ScheduleDraft = {
  name: "open",
  when: { cron: "0 9 * * *", zone: "UTC" },
  selector: { divisionIds: ["north"] },
  change: { target: "active" }
}

export const closing: ScheduleDraft = {
  name: "close",
  when: { cron: "0 17 * * *", zone: "UTC" },
  selector: { all: true },
  change: { target: "paused", pauseReason: "OTHER" }
}

export const add = (draft: ScheduleDraft, divisionIds?: ReadonlyArray<string>) =>
  Schedules.use((schedules) =>
    schedules.add({
      draft,
      requestedBy: "ada",
      source: "library",
      ...(divisionIds === undefined ? {} : { divisionIds })
    })
  )

export const firings = (name: string) => Schedules.use((schedules) => schedules.firings(name, 100))
export const told = (name: string) =>
  Effect.map(firings(name), (all) => all.map(({ dueAt, result }) => `${dueAt} ${result}`))

/** The time of a day in November 2026, a Monday on the 23rd. */
export const on = (day: number, time: string) => TestClock.setTime(at(`2026-11-${day}T${time}Z`))
export const submitted = OperationStore.use(({ list }) => list({}))
export const fire = fireDue({})

/** Tests of schedules on one database, at eight in the morning of a Monday. */
export const firingOn =
  (database: Layer.Layer<SqlClient.SqlClient>) =>
  (
    name: string,
    test: Effect.Effect<
      void,
      unknown,
      Schedules | ScheduleStore | OperationStore | SqlClient.SqlClient | AuditLog | Ids
    >
  ) =>
    it.live(name, () =>
      // The database's own waits are not the test's: it is opened by the real clock.
      Effect.andThen(on(23, "08:00:00"), test).pipe(
        Effect.provide(TestClock.layer()),
        Effect.provide(Layer.mergeAll(layerSchedules(), ScheduleStore.layer, OperationStore.layer)),
        Effect.provide(withLedger(database), { local: true })
      )
    )
