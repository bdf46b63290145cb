import {
  type NamedRequest,
  resumeTransition,
  transition,
  type TransitionError,
  type TransitionPorts,
  type TransitionRequest,
  type TransitionResult
} from "@campaignctl/core"
import { Context, Effect, Layer } from "effect"
import { admitted } from "../fleet/admitted.ts"

/**
 * Runs transitions: directly, or through the one process of the cluster that writes to the campaign.
 * Callers do not know which.
 */
export class Transitions extends Context.Service<
  Transitions,
  {
    readonly run: (request: TransitionRequest) => Effect.Effect<TransitionResult, TransitionError>
    /** As `run`, for a request that may have been run before; see core's `resumeTransition`. */
    readonly resume: (request: NamedRequest) => Effect.Effect<TransitionResult, TransitionError>
  }
>()("@campaignctl/operations/Transitions") {
  /** In this process, at once. What else writes to the campaign meets its lock token alone. */
  static readonly layerDirect: Layer.Layer<Transitions, never, TransitionPorts> = Layer.effect(
    Transitions,
    Effect.map(Effect.context<TransitionPorts>(), (ports) => ({
      run: (request) => Effect.provide(admitted(request, transition), ports),
      resume: (request) =>
        Effect.provide(
          admitted(request, (asked) =>
            resumeTransition({ ...asked, requestId: request.requestId })
          ),
          ports
        )
    }))
  )
}
