import type { Subscription } from "../domain/Subscription.ts"

/**
 * Whether a subscription is one of those that a caller bound to divisions may see and change: it is bound
 * to no others. Whoever is bound to none may see all.
 */
export const isTheirs = (
  bound: ReadonlyArray<string> | undefined,
  { divisionIds }: Pick<Subscription, "divisionIds">
): boolean =>
  bound === undefined ||
  (divisionIds !== null &&
    divisionIds.length > 0 &&
    divisionIds.every((division) => bound.includes(division)))
