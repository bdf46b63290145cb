import { Effect, Layer } from "effect"
import { CallingWindows } from "../ports/CallingWindows.ts"
import { withHolidays } from "../window/withHolidays.ts"
import type { WindowConfig } from "./Config.ts"

/**
 * The calling windows that a configuration asks for: one for every campaign, or the campaigns' own,
 * which it is laid over and closes on the configured holidays.
 */
export const configuredWindows = (
  window: WindowConfig
): Layer.Layer<CallingWindows, never, CallingWindows> =>
  window._tag === "Fixed"
    ? CallingWindows.always(window.window)
    : Layer.effect(
        CallingWindows,
        CallingWindows.useSync(({ windowFor }) => ({
          windowFor: (campaign) =>
            Effect.map(windowFor(campaign), (found) =>
              "_tag" in found ? found : withHolidays(found, window.holidays)
            )
        }))
      )
