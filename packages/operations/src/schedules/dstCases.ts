/** What a cron line does about one change of the clocks: a row of the documentation's table, and a test. */
export interface DstCase extends Change, Line {}

/** What the clocks of a zone do, and when. */
interface Change {
  readonly zone: string
  readonly clocks: string
  /** All firings after the first of these instants, up to and including the last, are `fires`. */
  readonly between: readonly [from: string, to: string]
}

interface Line {
  readonly cron: string
  readonly fires: ReadonlyArray<string>
  readonly because: string
}

const IN_GAP = "a skipped time fires at the first instant after the gap"
const ONCE_AFTER_GAP = "all that meets at the end of the gap fires once"
const FIRST_PASS = "a time that is shown twice fires the first time"
const ELAPSED = "a line of every hour fires whenever the clock shows a matching time"

const changes: ReadonlyArray<readonly [Change, ReadonlyArray<Line>]> = [
  [
    {
      zone: "Europe/Berlin",
      clocks: "2026-03-29, forward from 02:00 to 03:00",
      between: ["2026-03-28T22:00:00Z", "2026-03-29T02:00:00Z"]
    },
    [
      { cron: "30 2 * * *", fires: ["2026-03-29T01:00:00Z"], because: IN_GAP },
      { cron: "0,15,30,45 2 * * *", fires: ["2026-03-29T01:00:00Z"], because: ONCE_AFTER_GAP },
      { cron: "0 2,3 * * *", fires: ["2026-03-29T01:00:00Z"], because: ONCE_AFTER_GAP },
      {
        cron: "30 1-3 * * *",
        fires: ["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"],
        because: IN_GAP
      },
      {
        cron: "0 */2 * * *",
        fires: ["2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"],
        because: "a step over hours names hours, as a list does"
      },
      {
        cron: "30 * * * *",
        fires: [
          "2026-03-28T22:30:00Z",
          "2026-03-28T23:30:00Z",
          "2026-03-29T00:30:00Z",
          "2026-03-29T01:30:00Z"
        ],
        because: `${ELAPSED}, and nothing is made up`
      }
    ]
  ],
  [
    {
      zone: "Europe/Berlin",
      clocks: "2026-10-25, back from 03:00 to 02:00",
      between: ["2026-10-24T23:59:00Z", "2026-10-25T02:00:00Z"]
    },
    [
      { cron: "30 2 * * *", fires: ["2026-10-25T00:30:00Z"], because: FIRST_PASS },
      {
        cron: "*/30 2 * * *",
        fires: ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"],
        because: FIRST_PASS
      },
      {
        cron: "0 2,3 * * *",
        fires: ["2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"],
        because: `${FIRST_PASS}; 03:00 is shown once, at the end of the second pass`
      },
      {
        cron: "*/30 * * * *",
        fires: [
          "2026-10-25T00:00:00Z",
          "2026-10-25T00:30:00Z",
          "2026-10-25T01:00:00Z",
          "2026-10-25T01:30:00Z",
          "2026-10-25T02:00:00Z"
        ],
        because: `${ELAPSED}: in both passes`
      },
      {
        cron: "30 0-23 * * *",
        fires: ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"],
        because: "all hours are every hour, however they are written"
      }
    ]
  ],
  [
    {
      zone: "Australia/Lord_Howe",
      clocks: "2026-10-04, forward from 02:00 to 02:30",
      between: ["2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z"]
    },
    [{ cron: "15 2 * * *", fires: ["2026-10-03T15:30:00Z"], because: IN_GAP }]
  ],
  [
    {
      zone: "Australia/Lord_Howe",
      clocks: "2026-04-05, back from 02:00 to 01:30",
      between: ["2026-04-04T14:30:00Z", "2026-04-04T16:30:00Z"]
    },
    [
      { cron: "45 1 * * *", fires: ["2026-04-04T14:45:00Z"], because: FIRST_PASS },
      {
        cron: "45 * * * *",
        fires: ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-04T16:15:00Z"],
        because: `${ELAPSED}: in both passes`
      }
    ]
  ],
  [
    {
      zone: "America/Sao_Paulo",
      clocks: "2018-11-04, forward from 00:00 to 01:00",
      between: ["2018-11-03T12:00:00Z", "2018-11-05T12:00:00Z"]
    },
    [
      {
        cron: "0 0 * * *",
        fires: ["2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"],
        because: "a day without a midnight begins at its first instant"
      }
    ]
  ],
  [
    {
      zone: "America/Sao_Paulo",
      clocks: "2018-02-18, back from 00:00 to 23:00 of the day before",
      between: ["2018-02-17T12:00:00Z", "2018-02-18T12:00:00Z"]
    },
    [
      { cron: "30 23 * * *", fires: ["2018-02-18T01:30:00Z"], because: FIRST_PASS },
      {
        cron: "0 0 * * *",
        fires: ["2018-02-18T03:00:00Z"],
        because: "midnight is not shown before the clocks go back"
      }
    ]
  ],
  [
    {
      zone: "America/Nuuk",
      clocks: "2026-03-28, forward from 23:00 to 00:00 of the day after",
      between: ["2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"]
    },
    [
      {
        cron: "30 23 * * *",
        fires: ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"],
        because: `${IN_GAP}, on another date if need be`
      }
    ]
  ],
  [
    {
      zone: "Antarctica/Troll",
      clocks: "2026-03-29, forward from 01:00 to 03:00",
      between: ["2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"]
    },
    [{ cron: "30 1,2 * * *", fires: ["2026-03-29T01:00:00Z"], because: ONCE_AFTER_GAP }]
  ],
  [
    {
      zone: "Africa/Casablanca",
      clocks: "2026-02-15, back from 03:00 to 02:00, for Ramadan",
      between: ["2026-02-15T00:00:00Z", "2026-02-15T12:00:00Z"]
    },
    [{ cron: "30 2 * * *", fires: ["2026-02-15T01:30:00Z"], because: FIRST_PASS }]
  ],
  [
    {
      zone: "Antarctica/Casey",
      clocks: "2023-03-09, back from 03:00 to 00:00, a new standard time",
      between: ["2023-03-08T12:00:00Z", "2023-03-09T12:00:00Z"]
    },
    [
      {
        cron: "0 2,3 * * *",
        fires: ["2023-03-08T15:00:00Z", "2023-03-08T19:00:00Z"],
        because: "what is shown again does not count, for whichever reason the clocks are set"
      }
    ]
  ],
  [
    {
      zone: "Pacific/Apia",
      clocks: "2011-12-30, forward from its first to its last midnight: a day that was not",
      between: ["2011-12-29T12:00:00Z", "2011-12-30T23:00:00Z"]
    },
    [
      {
        cron: "0 9 * * *",
        fires: ["2011-12-29T19:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"],
        because: IN_GAP
      }
    ]
  ],
  [
    {
      zone: "Asia/Kathmandu",
      clocks: "never change; 5 h 45 min ahead of UTC",
      between: ["2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"]
    },
    [{ cron: "0 9 * * *", fires: ["2026-03-29T03:15:00Z"], because: "there is nothing to settle" }]
  ]
]

/** Every case of the documentation's table. Instants in UTC. Source of the changes: tzdata 2026c. */
export const dstCases: ReadonlyArray<DstCase> = changes.flatMap(([change, lines]) =>
  lines.map((line) => ({ ...change, ...line }))
)
