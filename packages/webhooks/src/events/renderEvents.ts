import type { EventType } from "../domain/EventType.ts"

/** When each event is sent, in the words of its receiver; one line of the documentation's table each. */
const when: Readonly<Record<EventType, readonly [entries: string, means: string]>> = {
  "campaign.state.changed": [
    "`outcome` applied or recovered with success, `drift`, `observed`, where the state is another",
    "a campaign is in another state, whoever or whatever changed it"
  ],
  "campaign.transition.rejected": [
    "`rejection`, or `outcome` rejected",
    "a change was asked for, and a guard refused it; every violation with its reason"
  ],
  "campaign.drift.detected": ["`drift`", "a campaign was changed elsewhere"],
  "campaign.drained": [
    "any that changes the state from draining to one of rest",
    "no call of a stopped campaign runs any more"
  ],
  "fleet.finished": ["`fleet-finished`", "a change of many campaigns is over"],
  "halt.raised": ["`halt-raised`", "a panic stop holds: nothing in its scope is started"],
  "halt.lifted": ["`halt-lifted`", "it does not hold any more"]
}

/** The table of the events, for the documentation. */
export const renderEvents = (): string =>
  [
    "| type | is sent for these entries of the ledger | means |",
    "| --- | --- | --- |",
    ...Object.entries(when).map(
      ([type, [entries, means]]) => `| \`${type}\` | ${entries} | ${means} |`
    )
  ].join("\n")
