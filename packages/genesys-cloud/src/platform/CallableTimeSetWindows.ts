import { type CallingWindows, unknown } from "@campaignctl/core"
import { Effect } from "effect"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { windowOfCallableTimes } from "./callableTimes.ts"

/** The calling window of a campaign's own callable time set, read afresh each time. */
export const makeCallableTimeSetWindows = (client: GenesysClient): CallingWindows["Service"] => ({
  windowFor: ({ callableTimeSet, name }) => {
    if (callableTimeSet === undefined)
      return Effect.succeed(unknown(`the campaign “${name}” has no callable time set.`))
    const called = callableTimeSet.name ?? callableTimeSet.id
    return client
      .call({
        what: "reading the callable time set",
        permission: permissions.viewCallableTimeSet,
        route: routes.callableTimeSet,
        send: ({ outbound }) => outbound.getOutboundCallabletimeset(callableTimeSet.id)
      })
      .pipe(Effect.map(({ body }) => windowOfCallableTimes(body, called)))
  }
})

/** For a contract that has no callable time sets. */
export const noCallableTimeSets: CallingWindows["Service"] = {
  windowFor: () => Effect.succeed(unknown("the ETag contract has no callable time sets."))
}
