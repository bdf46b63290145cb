import { CallingWindows, CampaignId, transition } from "@campaignctl/core"
import { idsLive, layerSqlite } from "@campaignctl/ledger-sql"
import { Console, Effect, Layer } from "effect"
import { Dialler } from "./Dialler.ts"
import { diallerGateway } from "./diallerGateway.ts"
import { Roster, rosterCapacity } from "./Roster.ts"

/** campaignctl inside an Effect app: the company's own dialler and roster answer its ports. */
const id = CampaignId.make("6f0e4a52-9d0b-4c52-8f0a-1d2f3a4b5c6d")

const start = transition({
  campaignId: id,
  target: "active",
  requestedBy: "shift planning",
  source: "library"
})

const program = Effect.gen(function* () {
  const roster = yield* Roster
  yield* start.pipe(
    Effect.catchTag("TransitionRejected", ({ violations }) =>
      Effect.forEach(violations, ({ detail, guard }) => Console.log(`refused, ${guard}: ${detail}`))
    )
  )
  yield* roster.arrive("renewals", "Ada", "Grace")
  const { auditSequence, from, state } = yield* start
  yield* Console.log(`${from} -> ${state}, entry ${auditSequence} of the audit`)
  const job = yield* Dialler.use(({ find }) => find(id))
  yield* Console.log(`the dialler says: ${job?.running}, revision ${job?.revision}`)
})

const company = Layer.merge(
  Dialler.holding({ id, title: "Renewals", running: "paused", revision: 7, team: "renewals" }),
  Roster.live
)
const campaigns = Layer.mergeAll(
  diallerGateway,
  rosterCapacity,
  CallingWindows.always({ zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }] }),
  layerSqlite({ filename: process.env["LEDGER"] ?? ":memory:" }).pipe(Layer.provide(idsLive))
).pipe(Layer.provideMerge(company))

await Effect.runPromise(Effect.provide(program, campaigns))
