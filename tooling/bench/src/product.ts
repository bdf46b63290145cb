import {
  AgentCapacity,
  type AuditLog,
  type AuditUnavailable,
  CallingWindows,
  CampaignId,
  type TargetState,
  transition,
  type TransitionPorts
} from "@campaignctl/core"
import { memoryAuditLog, sequentialIds } from "@campaignctl/core/testing"
import { layer as genesysLayer } from "@campaignctl/genesys-cloud"
import type { SimulatorReady } from "@campaignctl/genesys-simulator"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import type { Client } from "./Client.ts"
import type { SimulatorProcess } from "./simulatorProcess.ts"

/** Open at all hours, so that the time of the run plays no part. */
export const alwaysOpen = CallingWindows.always({
  zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }]
})

/** A ledger that is gone with the process: what the program costs without the disk. */
export const memoryLedger: Layer.Layer<AuditLog> = memoryAuditLog.pipe(Layer.provide(sequentialIds))

/** What is asked for a change. */
export const changeRequest = (
  campaignId: CampaignId,
  target: Extract<TargetState, "active" | "paused">
) => ({
  campaignId,
  target,
  ...(target === "paused" ? { pauseReason: "OTHER" as const } : {}),
  requestedBy: "bench",
  source: "library" as const
})

/** One change as the product makes it. */
export const change = (...asked: Parameters<typeof changeRequest>) =>
  transition(changeRequest(...asked))

/** The simulator as Genesys, at hours that are always open. */
export const simulatorPorts = (
  { apiUrl, clientId, clientSecret, loginUrl }: SimulatorReady,
  contract: "platform" | "etag"
) => {
  const account = { apiUrl, loginUrl, clientId, clientSecret: Redacted.make(clientSecret) }
  return Layer.provideMerge(alwaysOpen, genesysLayer({ contract, ...account }))
}

/** The product against a simulator, with the ledger that is given. */
export const productClient = (
  { campaignId, ready }: SimulatorProcess,
  contract: "platform" | "etag",
  ledger: Layer.Layer<AuditLog, AuditUnavailable>
): Client & AsyncDisposable => {
  const ports = Layer.merge(simulatorPorts(ready, contract), ledger)
  const runtime = ManagedRuntime.make(ports)
  const id = CampaignId.make(campaignId)
  const run = (target: "active" | "paused") => {
    const applied: Effect.Effect<void, unknown, TransitionPorts> = Effect.flatMap(
      change(id, target),
      ({ _tag, attempts }) =>
        // A run that retried, or had nothing to do, would be measured as something that it is not.
        _tag === "Applied" && attempts === 1
          ? Effect.void
          : Effect.die(`${target}: ${_tag} after ${attempts} attempts`)
    )
    return runtime.runPromise(applied)
  }
  return {
    pause: () => run("paused"),
    activate: () => run("active"),
    [Symbol.asyncDispose]: () => runtime.dispose()
  }
}

/** More agents than any guard asks for, on every queue. */
export const plentyOfAgents = Layer.succeed(
  AgentCapacity,
  AgentCapacity.oneByOne(() =>
    Effect.succeed({ _tag: "AgentsAvailable", available: 20, of: "any queue" })
  )
)
