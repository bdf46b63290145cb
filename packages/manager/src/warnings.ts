import { Logger, LogLevel } from "effect"

/** A library prints nothing: what a person should know of goes where Node's own warnings go. */
export const warningsOnly = Logger.layer([
  Logger.make(({ logLevel, message }) => {
    if (LogLevel.isGreaterThanOrEqualTo(logLevel, "Warn"))
      process.emitWarning([message].flat().map(String).join(" "), "CampaignctlWarning")
  })
])
