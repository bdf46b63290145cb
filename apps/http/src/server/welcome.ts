import { Redacted } from "effect"
import type { Started } from "../app.ts"

export interface Welcome extends Started {
  readonly url: string
  readonly ledger: string
  /** Whether a person alone sees what is said. */
  readonly isTerminal: boolean
  /** Present on the embedded simulator: a campaign to try. */
  readonly embedded?: { readonly campaignId: string | undefined }
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

/** Three calls that work as they are printed. Where a credential is needed, it is taken from the environment. */
const callsToTry = ({ embedded, open, url }: Welcome): ReadonlyArray<string> => {
  const who = open ? "" : ` -H "authorization: Bearer $CAMPAIGNCTL_API_KEY"`
  const id = embedded?.campaignId ?? "$CAMPAIGN_ID"
  return [
    `curl -sS${who} ${url}/v1/campaigns`,
    `curl -sS${who} -H "content-type: application/json" -d '{"target":"paused","reason":"OTHER"}' ${url}/v1/campaigns/${id}/transitions`,
    `curl -sS${who} ${url}/v1/audit`
  ]
}

/** An embedded ledger is gone at the next start, keys and all. */
const KEYS_HELP = " `campaignctl key create` ends that at the next start."

/** Where an address leads to, without its path and query, which may be secrets of its receiver's. */
const shown = (address: string): string => URL.parse(address)?.origin ?? "a receiver"

/** What becomes of the receiver that the configuration names, or named. */
const callbackLines = ({ callback, isTerminal, url }: Welcome): ReadonlyArray<string> => {
  if (callback._tag === "None") return []
  const { disabled, id, url: receiver } = callback.subscription
  const at = `${url}/v1/webhooks/${id}`
  const told =
    disabled === null
      ? [`Webhooks: ${shown(receiver)} is told of every change (${id}).`]
      : [`Webhooks: ${shown(receiver)} is not told. ${disabled.detail} PATCH ${at} enables it.`]
  if (callback._tag === "Left")
    return [...told, `WEBHOOK_CALLBACK_URL is not set any more; DELETE ${at} ends that.`]
  const { secret } = callback
  if (secret === undefined) return told
  return [
    ...told,
    isTerminal
      ? `Its secret, which is not shown again: ${Redacted.value(secret)}`
      : `A secret was made for it, and is not shown where a log may keep it. Set WEBHOOK_SECRET, or ask for another with POST ${at}/secret.`
  ]
}

/** What the service says when it is ready. */
export const welcome = (told: Welcome): string =>
  [
    `campaignctl listens on ${told.url}`,
    ...(told.embedded === undefined
      ? []
      : [
          "No Genesys credentials are set: it runs on an embedded simulator. Nobody is called, and its campaigns are new at each start.",
          "Webhooks may be sent to this machine, unless CAMPAIGNCTL_WEBHOOK_ALLOW says otherwise."
        ]),
    ...(told.open
      ? [
          `No credential is needed, and only this machine may call.${told.embedded === undefined ? KEYS_HELP : ""}`
        ]
      : []),
    `Ledger: ${told.ledger}`,
    ...callbackLines(told),
    ...(told.settled > 0 ? [`Settled ${plural(told.settled, "change")} of an earlier run.`] : []),
    ...(told.postponed > 0
      ? [`${plural(told.postponed, "change")} of an earlier run could not be settled yet.`]
      : []),
    "",
    "Try:",
    ...callsToTry(told).map((call) => `  ${call}`),
    "",
    `Read more: ${told.url}/docs`,
    ""
  ].join("\n")
