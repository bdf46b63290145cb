import type { BudgetSeen, GatewayError } from "@campaignctl/core"
import { Context, Effect } from "effect"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { fieldOf, listOf } from "../wire/json.ts"

/** A permission of the platform contract and what is lost without it. */
export interface NeededPermission {
  readonly permission: string
  readonly neededFor: string
}

/** Whether one permission is granted, in any division at all. */
export interface PermissionFinding extends NeededPermission {
  readonly granted: boolean
}

/** Every permission that a part of the product needs on the platform contract. */
export const neededPermissions: ReadonlyArray<NeededPermission> = [
  { permission: permissions.viewCampaign, neededFor: "reading, listing and hearing of campaigns" },
  { permission: permissions.editCampaign, neededFor: "changing a campaign's status" },
  { permission: permissions.stopCampaign, neededFor: "stopping without a lock in a halt" },
  {
    permission: permissions.viewObservations,
    neededFor: "counting the agents of a queue before a start"
  },
  { permission: permissions.viewQueues, neededFor: "counting the agents of all queues" },
  {
    permission: permissions.viewCallableTimeSet,
    neededFor: "calling windows from callable time sets"
  }
]

const movePermission: NeededPermission = {
  permission: permissions.moveToDivision,
  neededFor: "moving archived campaigns to the archive division"
}

/** Looks at the connection itself: what `doctor` tells. Changes nothing. */
export class Diagnosis extends Context.Service<
  Diagnosis,
  {
    /** Fails where no token can be had. */
    readonly token: Effect.Effect<void, GatewayError>
    /**
     * The server's clock less ours, in milliseconds, from a reply's Date header, which gives whole
     * seconds. Undefined where no reply had one.
     */
    readonly clockSkewMs: Effect.Effect<number | undefined, GatewayError>
    /** Each needed permission; undefined where the contract cannot tell. */
    readonly permissions: Effect.Effect<ReadonlyArray<PermissionFinding> | undefined, GatewayError>
    /** What the last reply said of the rate limit; undefined where none did. */
    readonly budget: Effect.Effect<BudgetSeen | undefined>
  }
>()("@campaignctl/genesys-cloud/Diagnosis") {}

/** Builds the diagnosis; `archives` tells whether archived campaigns are moved to a division. */
export const makeDiagnosis = (
  client: GenesysClient,
  contract: "platform" | "etag",
  archives: boolean
): Diagnosis["Service"] => ({
  token: client.authenticate,
  clockSkewMs: Effect.gen(function* () {
    yield* client.authenticate
    const reading = yield* client.clockReading
    return reading === undefined ? undefined : reading.server - reading.ours
  }),
  permissions:
    contract === "etag"
      ? Effect.succeed(undefined)
      : Effect.forEach([...neededPermissions, ...(archives ? [movePermission] : [])], (needed) =>
          client
            .call({
              what: "asking which permissions are granted",
              permission: needed.permission,
              route: routes.permitted,
              send: async ({ authorization }) =>
                (await authorization()).getAuthorizationDivisionspermittedMe(needed.permission)
            })
            .pipe(Effect.map(({ body }) => ({ ...needed, granted: isGranted(body) })))
        ),
  budget: client.budget
})

/** The divisions in which the permission is held, as a list or as a page; or all there are. */
const isGranted = (body: unknown): boolean =>
  (Array.isArray(body) ? body : listOf(body, "entities")).length > 0 ||
  fieldOf(body, "allDivsPermitted") === true
