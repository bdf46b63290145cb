import { expect, it } from "@effect/vitest"
import { Result } from "effect"
import { readFleetFile } from "../../src/desired/FleetFile.ts"
import { NOON } from "./support.ts"

const problemsOf = (value: unknown): ReadonlyArray<string> =>
  Result.match(readFleetFile(value, {}, NOON), {
    onSuccess: () => [],
    onFailure: (problems) => problems.map(({ key }) => key).toSorted()
  })

const schedule = {
  name: "evening",
  selector: { all: true },
  change: { target: "paused", pauseReason: "COMPLIANCE" },
  when: { cron: "0 20 * * *", zone: "Europe/Berlin" }
}

const QUEUE = "a31da6c2-622d-4a22-a11f-4fd9ef744c06"

it("reads states, windows, minimums and schedules", () => {
  const file = Result.getOrThrow(
    readFleetFile(
      {
        version: 1,
        name: "emea",
        campaigns: [
          {
            select: { namePattern: "EMEA *", queueIds: [QUEUE.toUpperCase()] },
            state: "paused",
            pauseReason: "OTHER"
          },
          {
            select: { all: true },
            window: "Mon-Fri 09:00-20:00 Europe/Berlin",
            minimumAgents: 3
          }
        ],
        schedules: [schedule]
      },
      {},
      NOON
    )
  )
  expect(file.entries[0]?.select).toEqual({ namePattern: "EMEA *", queueIds: [QUEUE] })
  expect(file.entries[0]?.change).toEqual({ target: "paused", pauseReason: "OTHER" })
  expect(file.entries[1]?.policy).toMatchObject({
    minimumAgents: 3,
    window: { zones: [{ zone: "Europe/Berlin" }] }
  })
  expect(file.schedules.map(({ name }) => name)).toEqual(["evening"])
})

it("tells every problem at once, each at its place", () => {
  expect(
    problemsOf({
      version: 1,
      name: "emea",
      campaigns: [
        { select: { states: ["active"] }, state: "archived" },
        { select: { all: true }, state: "paused" },
        { select: { all: true }, window: "25:00-26:00 Mars/Olympus" },
        { select: { all: true } }
      ],
      schedules: [schedule, { ...schedule, when: { cron: "0 0 31 2 *", zone: "UTC" } }, schedule]
    })
  ).toEqual([
    "campaigns[0].select.states",
    "campaigns[1].pauseReason",
    expect.stringMatching(/^campaigns\[2\]\.window/),
    expect.stringMatching(/^campaigns\[2\]\.window/),
    expect.stringMatching(/^campaigns\[2\]\.window/),
    "campaigns[3].state",
    "schedules",
    expect.stringMatching(/^schedules\[1\]\.when/)
  ])
})

it("takes no key that it does not know, and no other version", () => {
  expect(problemsOf({ version: 2, name: "emea" })).toEqual(["version"])
  expect(problemsOf({ version: 1, name: "emea", campaign: [] })).toEqual(["campaign"])
  expect(problemsOf([])).not.toEqual([])
  expect(problemsOf(null)).not.toEqual([])
})
