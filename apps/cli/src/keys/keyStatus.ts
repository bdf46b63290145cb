import type { KeyRecord } from "@campaignctl/http/keys"

/** Whether a key is believed at an instant, in epoch milliseconds. */
export const keyStatus = (
  { expiresAt, revokedAt }: KeyRecord,
  now: number
): "usable" | "expired" | "revoked" => {
  if (revokedAt !== undefined) return "revoked"
  return expiresAt !== undefined && Date.parse(expiresAt) <= now ? "expired" : "usable"
}
