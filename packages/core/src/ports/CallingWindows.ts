import { Context, Effect, Layer } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import type { GatewayError } from "../errors/errors.ts"
import type { Unknown } from "../guards/Facts.ts"
import type { CallingWindow } from "../window/CallingWindow.ts"

/** Tells which calling window holds for a campaign. */
export class CallingWindows extends Context.Service<
  CallingWindows,
  {
    /** `Unknown` where the campaign has no window of its own and none is configured. */
    readonly windowFor: (campaign: Campaign) => Effect.Effect<CallingWindow | Unknown, GatewayError>
  }
>()("@campaignctl/core/CallingWindows") {
  /** One window for every campaign. */
  static readonly always = (window: CallingWindow): Layer.Layer<CallingWindows> =>
    Layer.succeed(CallingWindows, { windowFor: () => Effect.succeed(window) })
}
