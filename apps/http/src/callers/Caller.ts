import type { Campaign } from "@campaignctl/core"
import type { Scope } from "./Scope.ts"

/** Who calls, as far as the service is concerned. */
export interface Caller {
  /** Unique: idempotency keys and limits are kept by it. */
  readonly id: string
  /** As the audit records it. */
  readonly requestedBy: string
  readonly scopes: ReadonlySet<Scope>
  /** The divisions that the caller sees and touches; undefined for all. */
  readonly divisionIds?: ReadonlyArray<string>
  /** The database that keeps the callers could not be asked: this is who it told of before. */
  readonly remembered?: boolean
}

/** Whether the campaign is one that the caller may know of. One without a division is nobody's. */
export const maySee = (
  { divisionIds }: Caller,
  { division }: Pick<Campaign, "division">
): boolean =>
  divisionIds === undefined || (division !== undefined && divisionIds.includes(division.id))

/** The part of a query or a request that keeps a caller to their divisions. */
export const boundTo = ({
  divisionIds
}: Caller): { readonly divisionIds?: ReadonlyArray<string> } =>
  divisionIds === undefined ? {} : { divisionIds }
