import { AuditLog, AuditUnavailable } from "@campaignctl/core"
import { Context, Effect, Layer, Predicate, Scope, Stream } from "effect"
import { OperationsUnavailable } from "../domain/errors.ts"
import { HoldStore } from "./holds/HoldStore.ts"

/**
 * The ledger and the holds of a halt whose database could not be opened: it is tried again whenever one
 * of them is asked, and until it is open they refuse everything at once. So the halt stops what it can,
 * writes its entries to the emergency journal, and holds as soon as there is a database to hold by.
 */
export const databaseLater = <E extends { readonly message: string }, R>(
  database: Layer.Layer<AuditLog | HoldStore, E, R>
): Layer.Layer<AuditLog | HoldStore, never, R> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const opened = yield* openingOf(database)
      const ledger = Effect.map(opened, (found) => Context.get(found, AuditLog)).pipe(
        Effect.mapError((detail) => new AuditUnavailable({ detail, changeMayHaveHappened: false }))
      )
      const holds = Effect.map(opened, (found) => Context.get(found, HoldStore)).pipe(
        Effect.mapError((detail) => new OperationsUnavailable({ detail }))
      )
      return Context.make(AuditLog, {
        append: (draft) => Effect.flatMap(ledger, ({ append }) => append(draft)),
        lastApplied: (ids) => Effect.flatMap(ledger, ({ lastApplied }) => lastApplied(ids)),
        unsettled: Effect.flatMap(ledger, ({ unsettled }) => unsettled),
        query: (filter) => Stream.unwrap(Effect.map(ledger, ({ query }) => query(filter))),
        verify: Effect.flatMap(ledger, ({ verify }) => verify),
        writable: Effect.flatMap(ledger, ({ writable }) => writable)
      }).pipe(
        Context.add(HoldStore, {
          raise: (hold) => Effect.flatMap(holds, ({ raise }) => raise(hold)),
          recorded: (id, sequence) =>
            Effect.flatMap(holds, ({ recorded }) => recorded(id, sequence)),
          lift: (id, how) => Effect.flatMap(holds, ({ lift }) => lift(id, how)),
          list: (query) => Effect.flatMap(holds, ({ list }) => list(query))
        })
      )
    })
  )

/** What is open, or why it is not; asked, it begins to open it where nobody is at it. */
const openingOf = Effect.fnUntraced(function* <A, E extends { readonly message: string }, R>(
  database: Layer.Layer<A, E, R>
) {
  const scope = yield* Effect.scope
  const building = Layer.build(Layer.fresh(database)).pipe(
    Effect.provideContext(yield* Effect.context<R>()),
    Effect.provideService(Scope.Scope, scope)
  )
  let open: Context.Context<A> | undefined
  let why = "it gives no answer."
  let isOpening = false
  const opens = Effect.suspend(() => {
    if (isOpening) return Effect.void
    isOpening = true
    return building.pipe(
      Effect.match({
        onSuccess: (found) => void (open = found),
        onFailure: (error) => void (why = detailOf(error))
      }),
      Effect.ensuring(Effect.sync(() => void (isOpening = false))),
      Effect.forkIn(scope)
    )
  })
  const found = Effect.suspend(() => (open === undefined ? Effect.fail(why) : Effect.succeed(open)))
  return Effect.catch(found, () => Effect.andThen(opens, found))
})

/** Why, without saying twice what cannot be used. */
const detailOf = (error: { readonly message: string }): string =>
  Predicate.hasProperty(error, "detail") && typeof error.detail === "string"
    ? error.detail
    : error.message
