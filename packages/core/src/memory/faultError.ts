import {
  GenesysRefused,
  GenesysUnavailable,
  type GatewayError,
  PermissionMissing,
  RateLimited
} from "../errors/errors.ts"
import { RATE_LIMIT_SECONDS, type WorldFault } from "../testing/GatewayWorld.ts"

/** The error that each fault is for the caller. */
const ERRORS: Readonly<Record<WorldFault, () => GatewayError>> = {
  "rate-limited": () => new RateLimited({ retryAfterMs: RATE_LIMIT_SECONDS * 1_000 }),
  "server-error": () =>
    new GenesysUnavailable({ reason: "server-error", detail: "as the test wants.", status: 503 }),
  "lost-before": () =>
    new GenesysUnavailable({ reason: "connection-lost", detail: "as the test wants." }),
  "lost-after": () =>
    new GenesysUnavailable({ reason: "connection-lost", detail: "as the test wants." }),
  "cut-short": () =>
    new GenesysUnavailable({ reason: "malformed-reply", detail: "as the test wants." }),
  refused: () =>
    new GenesysRefused({
      status: 400,
      genesysCode: "invalid.update",
      detail: "as the test wants."
    }),
  "permission-missing": () =>
    new PermissionMissing({ permission: "outbound:campaign:edit", detail: "as the test wants." })
}

export const faultError = (fault: WorldFault): GatewayError => ERRORS[fault]()

/** Whether the request has its effect before the fault strikes. */
export const tookEffect = (fault: WorldFault): boolean =>
  fault === "lost-after" || fault === "cut-short"
