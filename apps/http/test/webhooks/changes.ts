import { setTimeout as delay } from "node:timers/promises"
import type { Telling } from "../support/Telling.ts"

/** Milliseconds before a service that did not answer is asked again. */
const AGAIN_MS = 50
/** Answers after which the same is asked again under the same key. */
const ASK_AGAIN: ReadonlySet<string> = new Set(["409 IDEMPOTENCY_IN_PROGRESS"])
const UNAVAILABLE = 503

/** One change that is to be made. */
export interface Change {
  readonly by: "us" | "elsewhere"
  readonly id: string
  readonly on: boolean
}

/** So many changes of the campaigns at random, half of them made elsewhere; each campaign is turned on and off by turns. */
export const planChanges = (
  ids: ReadonlyArray<string>,
  count: number,
  random: () => number
): ReadonlyArray<Change> => {
  const isOn = new Map(ids.map((id) => [id, true]))
  return Array.from({ length: count }, () => {
    const id = ids[Math.floor(random() * ids.length)] ?? ""
    const on = isOn.get(id) !== true
    isOn.set(id, on)
    return { by: random() < 0.5 ? "us" : "elsewhere", id, on }
  })
}

/** What the service answered in the end: its status, with the code of the problem or the outcome. */
const askFor = async (url: () => string, { id, on }: Change): Promise<string> => {
  const key = crypto.randomUUID()
  for (;;) {
    const answer = await fetch(`${url()}/v1/campaigns/${id}/transitions`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(
        on
          ? { target: "active", override: [{ guard: "capacity", note: "drill" }] }
          : { target: "paused", reason: "OTHER" }
      )
    })
      .then(async (reply) => ({ status: reply.status, body: JSON.parse(await reply.text()) }))
      // Refused or cut: whoever answered is gone.
      .catch(() => undefined)
    if (answer !== undefined) {
      const said = `${answer.status} ${answer.body.code ?? answer.body.outcome}`
      if (answer.status !== UNAVAILABLE && !ASK_AGAIN.has(said)) return said
    }
    await delay(AGAIN_MS)
  }
}

/**
 * Makes the changes, so many at once: those by us over HTTP, asked for until there is an answer, and
 * those elsewhere at the simulator. Counts what was answered.
 *
 * @param made told after each change how many are made
 */
export const makeChanges = async (
  here: Telling,
  changes: ReadonlyArray<Change>,
  url: () => string,
  atOnce: number,
  made: (count: number) => void
): Promise<Readonly<Record<string, number>>> => {
  const answers: Record<string, number> = {}
  let next = 0
  let done = 0
  const worker = async (): Promise<void> => {
    for (let change = changes[next++]; change !== undefined; change = changes[next++]) {
      const { by, id, on } = change
      const said =
        by === "us"
          ? await askFor(url, change)
          : await here.control.changeCampaign(id, { turn: on ? "on" : "off" }).then(
              () => "elsewhere",
              () => "elsewhere, refused"
            )
      answers[said] = (answers[said] ?? 0) + 1
      done += 1
      made(done)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return answers
}
