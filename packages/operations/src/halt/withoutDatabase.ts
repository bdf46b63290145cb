import { AuditLog, AuditUnavailable } from "@campaignctl/core"
import { Effect, Layer, Stream } from "effect"
import { OperationsUnavailable } from "../domain/errors.ts"
import { HoldStore } from "./holds/HoldStore.ts"

/**
 * The ledger and the holds of a halt whose database cannot be reached: they refuse everything at once, so
 * that it stops what it can, writes its entries to the emergency journal, and says that it holds nothing.
 *
 * @param detail why, as the end of a sentence
 */
export const withoutDatabase = (detail: string): Layer.Layer<AuditLog | HoldStore> => {
  const untold = Effect.fail(new AuditUnavailable({ detail, changeMayHaveHappened: false }))
  const unheld = Effect.fail(new OperationsUnavailable({ detail }))
  return Layer.merge(
    Layer.succeed(AuditLog, {
      append: () => untold,
      lastApplied: () => untold,
      unsettled: untold,
      query: () => Stream.fromEffect(untold),
      verify: untold,
      writable: untold
    }),
    Layer.succeed(HoldStore, {
      raise: () => unheld,
      recorded: () => unheld,
      lift: () => unheld,
      list: () => unheld
    })
  )
}
