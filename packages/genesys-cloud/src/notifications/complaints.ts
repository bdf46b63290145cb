import type { CampaignId } from "@campaignctl/core"
import { Effect, Redacted } from "effect"
import type { ChannelFailure } from "./afterFailure.ts"
import type { Channel } from "./Channel.ts"

/** Campaigns that a log names; the rest are counted. */
const NAMED = 5

/** What is wrong with the notifications, told in the log once each until it is mended. */
export interface Complaints {
  readonly failed: (failure: ChannelFailure, channel: Channel | undefined) => Effect.Effect<void>
  readonly recovered: Effect.Effect<void>
  readonly refused: (ids: ReadonlyArray<CampaignId>) => Effect.Effect<void>
  readonly noRoom: (campaigns: number) => Effect.Effect<void>
  readonly unreadable: (why: string) => Effect.Effect<void>
}

/** Complaints of which nothing has been told yet. */
export const complaints = (): Complaints => {
  const told = new Set<ChannelFailure["_tag"]>()
  const toldRefused = new Set<CampaignId>()
  let left = 0
  let dropped = 0
  return {
    failed: (failure, channel) =>
      Effect.suspend(() => {
        const message = `Changes of campaigns are not heard for now. ${withoutHandle(failure.message, channel)}`
        if (told.has(failure._tag)) return Effect.logDebug(message)
        told.add(failure._tag)
        return Effect.logWarning(message)
      }),
    recovered: Effect.suspend(() => {
      if (told.size === 0) return Effect.void
      told.clear()
      return Effect.logInfo("Changes of campaigns are heard again.")
    }),
    refused: (ids) =>
      Effect.suspend(() => {
        const news = ids.filter((id) => !toldRefused.has(id))
        if (news.length === 0) return Effect.void
        for (const id of news) toldRefused.add(id)
        const more = news.length > NAMED ? ` and ${news.length - NAMED} more` : ""
        return Effect.logWarning(
          `Genesys does not tell of changes of ${news.slice(0, NAMED).join(", ")}${more}: they are gone, or the OAuth client may not see them.`
        )
      }),
    noRoom: (campaigns) =>
      Effect.suspend(() => {
        if (campaigns === left) return Effect.void
        left = campaigns
        return campaigns === 0
          ? Effect.logInfo("The notification channels have room for every campaign again.")
          : Effect.logWarning(
              `The notification channels have no room for ${campaigns} campaigns, whose changes are not heard.`
            )
      }),
    unreadable: (why) =>
      Effect.suspend(() => {
        dropped += 1
        return Effect.logDebug(`A notification was dropped: ${why}. There were ${dropped} so far.`)
      })
  }
}

/** A sentence of Genesys' may name the channel, which opens it. */
const withoutHandle = (sentence: string, channel: Channel | undefined): string =>
  channel === undefined ? sentence : sentence.replaceAll(Redacted.value(channel.id), "[channel]")
