import { layer as genesys } from "@campaignctl/genesys-cloud"
import type { SimulatorReady } from "@campaignctl/genesys-simulator"
import { simulatorProcess as start } from "@campaignctl/genesys-simulator/test-process"
import { Effect, Redacted } from "effect"

/** A simulator in a process of its own, which ends with the scope. */
export const simulatorProcess = (...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(() => start(...args)),
    (running) => Effect.promise(() => running[Symbol.asyncDispose]())
  )

/** The services that reach it. */
export const genesysOf = (
  { apiUrl, clientId, clientSecret, loginUrl }: SimulatorReady,
  contract: "platform" | "etag" = "platform"
) => genesys({ contract, apiUrl, loginUrl, clientId, clientSecret: Redacted.make(clientSecret) })
