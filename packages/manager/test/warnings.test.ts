import { Effect } from "effect"
import { expect, it, vi } from "vitest"
import { warningsOnly } from "../src/warnings.ts"

it("prints nothing by itself, and hands what a person should know to Node's warnings", async () => {
  const emitted = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined)
  const printed = vi.spyOn(console, "log").mockImplementation(() => undefined)
  try {
    await Effect.runPromise(
      Effect.all([
        Effect.logInfo("an intent was recorded"),
        Effect.logError("The outcome could not be recorded;", "the disk is full.")
      ]).pipe(Effect.provide(warningsOnly))
    )
    expect(emitted.mock.calls).toEqual([
      ["The outcome could not be recorded; the disk is full.", "CampaignctlWarning"]
    ])
    expect(printed).not.toHaveBeenCalled()
  } finally {
    vi.restoreAllMocks()
  }
})
