import { GenesysUnavailable } from "@campaignctl/core"
import { TransportFailure } from "./Transport.ts"

/**
 * The typed error of a request that got no reply.
 *
 * Anything but a `TransportFailure` was thrown by a library; its message may quote a header, so that
 * only the fact is told.
 */
export const transportError =
  (what: string) =>
  (error: unknown): GenesysUnavailable =>
    error instanceof TransportFailure
      ? new GenesysUnavailable({
          reason: error.reason,
          detail: `${what} got no reply from ${error.message}.`
        })
      : new GenesysUnavailable({
          reason: "connection-lost",
          detail: `${what} failed before a reply came.`
        })
