import type { Started } from "../app.ts"

export interface Welcome extends Started {
  readonly url: string
  readonly ledger: string
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

/** What the service says when it is ready. */
export const welcome = (told: Welcome): string =>
  [
    `campaignctl listens on ${told.url}`,
    ...(told.embedded === undefined
      ? []
      : [
          "No Genesys credentials are set: it runs on an embedded simulator. Nobody is called, and nothing is kept."
        ]),
    ...(told.open
      ? [
          `No credential is needed, and only this machine may call.${told.embedded === undefined ? KEYS_HELP : ""}`
        ]
      : []),
    `Ledger: ${told.ledger}`,
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
