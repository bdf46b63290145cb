import type { Division } from "../world/Division.ts"
import { Refusal } from "../world/Refusal.ts"

/** Every permission that a simulated route asks for; the client starts with all of them. */
export const KNOWN_PERMISSIONS = [
  "outbound:campaign:view",
  "outbound:campaign:edit",
  "outbound:campaign:start",
  "outbound:campaign:stop",
  "outbound:campaign:recycle",
  "outbound:callableTimeSet:view",
  "outbound:eventLog:view",
  "analytics:queueObservation:view",
  "routing:queue:view",
  "authorization:division:edit"
] as const

/** What a route asks for: one permission, or any of several. */
export interface PermissionNeed {
  readonly anyOf: ReadonlyArray<string>
}

const MISSING =
  "Unable to perform the requested action. You are missing the following permission(s):"

/** The permissions and divisions granted to the OAuth client. */
export class Permissions {
  granted: Set<string> = new Set(KNOWN_PERMISSIONS)
  /** `undefined` means every division. */
  divisions: Set<string> | undefined

  has(permission: string): boolean {
    return this.granted.has(permission)
  }

  inDivision(divisionId: string | undefined): boolean {
    return (
      this.divisions === undefined || divisionId === undefined || this.divisions.has(divisionId)
    )
  }

  permittedDivisions(permission: string, divisions: Iterable<Division>): ReadonlyArray<Division> {
    return this.has(permission)
      ? [...divisions].filter((division) => this.inDivision(division.id))
      : []
  }

  require(need: PermissionNeed): void {
    if (need.anyOf.some((permission) => this.has(permission))) return
    const [only, ...more] = need.anyOf
    if (more.length === 0) {
      throw new Refusal("missing.permissions", `${MISSING} ${only}`, {
        params: { permissions: only ?? "" }
      })
    }
    const list = `[${need.anyOf.join(", ")}]`
    throw new Refusal(
      "missing.any.permissions",
      `Unable to perform the requested action. You must have at least one of the following permissions assigned: ${list}`,
      { params: { permissions: list } }
    )
  }

  requireDivision(need: PermissionNeed, divisionId: string | undefined): void {
    if (this.inDivision(divisionId)) return
    const permissions = need.anyOf.join(", ")
    throw new Refusal(
      "missing.division.permission",
      `${MISSING} ${permissions} in division ${divisionId}`,
      {
        params: { permissions, divisionId: divisionId ?? "" }
      }
    )
  }
}
