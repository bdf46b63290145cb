import { Clock, Effect, Schema } from "effect"
import { watchPort } from "../operations/ports.ts"
import { json } from "../routes/Answer.ts"
import { noBody, none, route } from "../routes/Route.ts"

/** Milliseconds after which a watch that gave no sign of life is not at work: three of its signs may be late. */
const SILENT_MS = 10_000

const Instant = Schema.String.annotate({ description: "ISO 8601 in UTC." })

const WatchDocument = Schema.Struct({
  watches: Schema.Boolean.annotate({
    description: "Whether a process watches now: it gave a sign of life within ten seconds."
  }),
  seenAt: Schema.NullOr(Instant).annotate({ description: "Its last sign of life." }),
  eventsAvailable: Schema.Boolean.annotate({
    description: "Whether Genesys tells of changes at once; without that they are found by lists."
  }),
  campaigns: Schema.NullOr(Schema.Int),
  covered: Schema.NullOr(Schema.Int).annotate({
    description: "Campaigns whose changes are heard of at once."
  }),
  listedAt: Schema.NullOr(Instant).annotate({
    description: "When all campaigns were listed last; null before the first time."
  })
}).annotate({ identifier: "Watch" })

const iso = (ms: number): string => new Date(ms).toISOString()

export const watchRoute = route({
  method: "GET",
  path: "/v1/watch",
  operationId: "getWatch",
  summary: "How the watch over all campaigns is: whether changes made elsewhere are heard of.",
  scope: "campaigns:read",
  params: none,
  query: none,
  body: noBody,
  success: {
    description: "The watch, as whichever process watches.",
    mediaTypes: { "application/json": WatchDocument }
  },
  problems: [],
  run: Effect.fnUntraced(function* (_, { caller }) {
    const beat = yield* (yield* watchPort).beat
    const now = yield* Clock.currentTimeMillis
    // How many campaigns there are elsewhere is not theirs to know.
    const isBound = caller.divisionIds !== undefined
    return json({
      watches: beat !== null && now - beat.at < SILENT_MS,
      seenAt: beat === null ? null : iso(beat.at),
      eventsAvailable: beat?.available ?? false,
      campaigns: beat === null || isBound ? null : beat.campaigns,
      covered: beat === null || isBound ? null : beat.covered,
      listedAt: beat === null || beat.listedAt === null ? null : iso(beat.listedAt)
    } satisfies typeof WatchDocument.Type)
  })
})
