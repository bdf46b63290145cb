import fc from "fast-check"

/** A body that would be taken, and of each member what it may not have. */
export interface Taken {
  /** POST unless said. */
  readonly method?: "PATCH"
  readonly path: string
  readonly body: object
  readonly wrong: Readonly<Record<string, fc.Arbitrary<unknown>>>
}

const noText = fc.constantFrom<unknown>(null, 1, -0, true, [], {}, [[]], { guard: "matrix" })
const noNote = fc.oneof(
  noText,
  fc.constantFrom("", " \t", "\u0000", "a\u0000b"),
  fc.string({ minLength: 2_001, maxLength: 2_100 })
)
const noBoolean = fc.constantFrom<unknown>(null, 0, 1, "true", "", [], {})
const notBetween = (least: number, most: number) =>
  fc.constantFrom<unknown>(null, "1", [], {}, true, least - 1, most + 1, least + 0.5, 1e300)

const ALL = { all: true }
const ZONE = "UTC"
const A_DAY_MS = 86_400_000
const AN_HOUR_MS = 3_600_000
const A_MINUTE_MS = 60_000
const THIRTY_DAYS_MS = 30 * A_DAY_MS

/** Every body that changes something, as it is nearly right. `nasty` is text that has hurt others. */
export const takenBodies = (nasty: fc.Arbitrary<string>): ReadonlyArray<Taken> => {
  const noWord = fc.oneof(noText, nasty)
  const noGuard = nasty.filter((text) => !["capacity", "callingWindow", "slots"].includes(text))
  const noSelector = fc.oneof(
    noText,
    nasty,
    fc.constantFrom<unknown>(
      { all: false },
      { all: true, surprise: 1 },
      { ids: "all" },
      { ids: ["all"] },
      { namePattern: "" },
      { states: ["on"] },
      { queueIds: [null] },
      { divisionIds: {} }
    )
  )
  const noSelectorOfARequest = fc.oneof(
    noSelector,
    fc.constantFrom<unknown>(
      { ids: [] },
      { divisionIds: ["home"] },
      { namePattern: "x".repeat(201) },
      { states: [] }
    )
  )
  const change = {
    target: fc.oneof(noWord, fc.constantFrom("ACTIVE", "paused ", "draining")),
    reason: fc.oneof(noWord, fc.constantFrom("other", "OTHER ")),
    note: noNote,
    drain: noBoolean,
    restart: noBoolean,
    dryRun: noBoolean,
    drainDeadlineMs: notBetween(1, A_DAY_MS),
    override: fc.oneof(
      fc.constantFrom<unknown>(null, 1, "capacity", {}, ["capacity"], [null]),
      fc.array(fc.record({ guard: noGuard, note: nasty }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.record({ guard: fc.constant("capacity"), note: noNote }), { minLength: 1 }),
      fc.constant(Array.from({ length: 4 }, () => ({ guard: "slots", note: "too many" })))
    ),
    surprise: noWord,
    constructor: noText
  }
  const subscription = {
    url: fc.oneof(
      noWord,
      fc.constantFrom(
        "http://receiver.example/",
        "https://ada:pw@receiver.example/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://receiver.example/#x",
        `https://receiver.example/${"x".repeat(2_000)}`
      )
    ),
    eventTypes: fc.oneof(
      nasty,
      fc.constantFrom<unknown>(null, 1, true, {}, [[]], ["campaign.frozen"], "campaign.drained")
    ),
    filter: fc.oneof(
      nasty,
      fc.constantFrom<unknown>(
        null,
        1,
        [],
        { surprise: 1 },
        { divisionIds: ["home"] },
        { campaignIds: "all" },
        { campaignIds: [null] }
      )
    ),
    description: noNote,
    retryForMs: notBetween(A_MINUTE_MS, THIRTY_DAYS_MS),
    surprise: noWord
  }
  return [
    { path: "/v1/webhooks", body: { url: "https://receiver.example/" }, wrong: subscription },
    {
      method: "PATCH",
      path: "/v1/webhooks/{id}",
      body: { enabled: true },
      wrong: { ...subscription, enabled: noBoolean }
    },
    {
      path: "/v1/webhooks/{id}/secret",
      body: {},
      wrong: { retireAfterMs: notBetween(0, THIRTY_DAYS_MS), surprise: noWord }
    },
    {
      path: "/v1/campaigns/{id}/transitions",
      body: { target: "paused", reason: "OTHER" },
      wrong: change
    },
    {
      path: "/v1/fleet",
      body: { selector: ALL, target: "paused", reason: "OTHER" },
      wrong: {
        ...change,
        selector: noSelectorOfARequest,
        order: noWord,
        concurrency: notBetween(1, 100),
        // Null asks for no limit.
        maxFailures: notBetween(0, 1_000_000).filter((value) => value !== null),
        // There is one campaign: any other number is refused.
        expectedCampaigns: fc.oneof(notBetween(0, 1_000_000), fc.constantFrom(0, 2, 1_000)),
        // Of a dry run alone.
        limit: fc.oneof(notBetween(1, 1_000), fc.integer({ min: 1, max: 1_000 })),
        cursor: noWord
      }
    },
    {
      path: "/v1/halt",
      body: { name: "fuzz", selector: ALL, reason: "OTHER" },
      wrong: {
        name: fc.oneof(noText, fc.constantFrom("", " ", "a\nb", "\u0000", "x".repeat(101))),
        selector: noSelectorOfARequest,
        reason: change.reason,
        note: noNote,
        proofDeadlineMs: notBetween(1, AN_HOUR_MS),
        surprise: noWord
      }
    },
    {
      path: "/v1/schedules",
      body: {
        name: "fuzz",
        selector: ALL,
        change: { target: "paused", pauseReason: "OTHER" },
        when: { cron: "* * * * *", zone: ZONE }
      },
      wrong: {
        name: fc.oneof(noText, fc.constantFrom("", " ", "a\nb", "\u0000", "x".repeat(201))),
        selector: noSelector,
        change: fc.oneof(
          noWord,
          fc.constantFrom<unknown>(
            { target: "paused" },
            { target: "stopped" },
            { target: "active", surprise: 1 },
            { target: "active", overrides: [{ guard: "matrix", note: "x" }] }
          )
        ),
        when: fc.oneof(
          noWord,
          fc.constantFrom<unknown>(
            { cron: "99 * * * *", zone: ZONE },
            { cron: "* * * * *", zone: "Mars/Phobos" },
            { cron: "* * * * *" },
            { at: [] },
            { at: ["tomorrow"] }
          ),
          nasty.map((cron) => ({ cron: `${cron} x`, zone: ZONE }))
        ),
        startGraceMs: notBetween(0, A_DAY_MS),
        enabled: noBoolean,
        surprise: noWord
      }
    },
    {
      path: "/v1/fleet/apply",
      // Not even this would be done: the digest is of no plan.
      body: {
        file: {
          version: 1,
          name: "fuzz",
          campaigns: [{ select: ALL, state: "paused", pauseReason: "OTHER" }]
        },
        digest: "0".repeat(64)
      },
      wrong: {
        digest: fc.oneof(noWord, fc.constant("0".repeat(64))),
        file: fc.oneof(
          noWord,
          fc.constantFrom<unknown>(
            { version: 2 },
            { version: 1, name: "fuzz", campaigns: [{}] },
            { version: 1, name: "fuzz", schedules: [null] }
          )
        ),
        surprise: noWord
      }
    }
  ]
}
