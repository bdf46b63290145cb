import { type CampaignId, CampaignState } from "@campaignctl/core"
import type { Selector } from "@campaignctl/operations"
import { campaignIdOf } from "../arguments/campaignIds.ts"
import type { Problems } from "../arguments/Problems.ts"

const OPTION = "--selector"

/** How a selector is written, for errors and help. */
const SELECTOR_FORMS =
  "all, or parts such as name=EMEA*, division=ID, queue=ID, state=active, id=ID; commas between them"

/** The parts of a selector as they are gathered; a part that is given twice means either. */
interface Parts {
  readonly ids: Array<CampaignId>
  readonly divisionIds: Array<string>
  readonly queueIds: Array<string>
  readonly states: Array<CampaignState>
  readonly names: Array<string>
}

type Take = (parts: Parts, value: string, problems: Problems) => void

const idTaker =
  (key: "ids" | "divisionIds" | "queueIds", what: string): Take =>
  (parts, value, problems) => {
    const id = problems.parsed(OPTION, `${what}, which is a UUID`, value, campaignIdOf)
    if (id !== undefined) parts[key].push(id)
  }

const TAKERS: Readonly<Record<string, Take>> = {
  id: idTaker("ids", "a campaign id"),
  division: idTaker("divisionIds", "a division's id"),
  queue: idTaker("queueIds", "a queue's id"),
  state: (parts, value, problems) => {
    const state = problems.choice(OPTION, CampaignState.literals, value)
    if (state !== undefined) parts.states.push(state)
  },
  name: (parts, value) => void parts.names.push(value)
}

/** Reads what `--selector` says; all of them together are one selector. */
export const selectorOf = (
  texts: ReadonlyArray<string>,
  problems: Problems
): Selector | undefined => {
  const words = texts.flatMap((text) => text.split(",").map((word) => word.trim()))
  if (words.length === 0) return problems.add(OPTION, SELECTOR_FORMS, "nothing")
  const parts: Parts = { ids: [], divisionIds: [], queueIds: [], states: [], names: [] }
  let all = false
  for (const word of words) {
    const [, key = "", value = ""] = /^([a-z]+)=(.+)$/s.exec(word) ?? []
    const take = Object.hasOwn(TAKERS, key) ? TAKERS[key] : undefined
    if (word === "all") all = true
    else if (take === undefined) problems.add(OPTION, SELECTOR_FORMS, `“${word}”`)
    else take(parts, value.trim(), problems)
  }
  if (parts.names.length > 1)
    problems.add(OPTION, "one name, with * and ? for what differs", parts.names.join(" and "))
  const [namePattern] = parts.names
  const listed = {
    ...(parts.ids.length === 0 ? {} : { ids: parts.ids }),
    ...(parts.divisionIds.length === 0 ? {} : { divisionIds: parts.divisionIds }),
    ...(parts.queueIds.length === 0 ? {} : { queueIds: parts.queueIds }),
    ...(parts.states.length === 0 ? {} : { states: parts.states }),
    ...(namePattern === undefined ? {} : { namePattern })
  }
  if (all && Object.keys(listed).length > 0)
    problems.add(OPTION, "all alone, or parts without it", texts.join(","))
  return all ? { all: true } : listed
}

/** A selector, or the scope of a halt, in the words in which it is asked for. */
export const selectorText = (selector: Selector): string => {
  const { divisionIds, ids, namePattern, queueIds, states } = selector
  const parts = [
    ...(namePattern === undefined ? [] : [`name=${namePattern}`]),
    ...each("division", divisionIds),
    ...each("queue", queueIds),
    ...each("state", states),
    ...each("id", ids)
  ]
  return parts.length === 0 ? "all" : parts.join(",")
}

/** A list of nothing matches nothing; it must not read as if it were not there. */
const each = (key: string, values: ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  values?.length === 0 ? [`no ${key}`] : (values ?? []).map((value) => `${key}=${value}`)
