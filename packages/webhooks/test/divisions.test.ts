import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Webhooks } from "../src/index.ts"
import { append, applied, round, subscribe } from "./support/steps.ts"
import { Receivers, worlds } from "./support/world.ts"

const URL_A = "https://a.example.com/"
const asked = { requestedBy: "ada@example.com" }

describe.each(worlds)("callers bound to divisions on %s", (_name, world) => {
  it.effect("have what is bound to theirs, and nothing that reaches beyond", () =>
    Effect.gen(function* () {
      const webhooks = yield* Webhooks
      const of = (divisionIds: ReadonlyArray<string>) =>
        Effect.map(
          webhooks.add({ draft: { url: URL_A }, ...asked, divisionIds }),
          ({ subscription }) => subscription.id
        )
      const north = yield* of(["north"])
      const both = yield* of(["north", "south"])
      const none = yield* of([])
      const { subscription: all } = yield* subscribe(URL_A)
      yield* append(applied(1, { divisionId: "north" }))
      yield* round
      const seenBy = Effect.fnUntraced(function* (divisionIds: ReadonlyArray<string>) {
        const listed = (yield* webhooks.list({ divisionIds })).map(({ id }) => id)
        for (const id of [north, both, none, all.id]) {
          const found = yield* Effect.result(webhooks.get(id, { divisionIds }))
          expect(found._tag).toBe(listed.includes(id) ? "Success" : "Failure")
        }
        const told = (yield* webhooks.deliveries({ divisionIds })).map(
          ({ subscriptionId }) => subscriptionId
        )
        return { listed, told: told.toSorted() }
      })
      expect(yield* seenBy(["north"])).toEqual({ listed: [north], told: [north] })
      expect(yield* seenBy(["south"])).toEqual({ listed: [], told: [] })
      expect(yield* seenBy(["north", "south"])).toEqual({
        listed: [north, both],
        told: [north, both].toSorted()
      })
      expect(yield* seenBy([])).toEqual({ listed: [], told: [] })
    }).pipe(Effect.provide(world))
  )

  it.effect("stay bound whatever they ask for", () =>
    Effect.gen(function* () {
      const webhooks = yield* Webhooks
      const bound = { divisionIds: ["north"] }
      const filter = { divisionIds: ["south"] }
      const { subscription } = yield* webhooks.add({
        draft: { url: URL_A, filter },
        ...asked,
        ...bound
      })
      yield* append(applied(1, { divisionId: "south" }))
      yield* webhooks.update(subscription.id, { filter: {} }, bound)
      yield* append(applied(2, { divisionId: "south" }))
      yield* append(applied(3))
      // Somebody who may see all changes nothing of it either.
      yield* webhooks.update(subscription.id, { description: "ours" })
      yield* append(applied(4, { divisionId: "south" }))
      yield* round
      expect((yield* Receivers).received(URL_A)).toEqual([])
      const widened = yield* Effect.flip(
        webhooks.update(subscription.id, { divisionIds: null }, bound)
      )
      expect(widened._tag).toBe("RequestInvalid")
    }).pipe(Effect.provide(world))
  )
})
