import {
  AgentCapacity,
  AuditUnavailable,
  CallingWindows,
  CampaignGateway,
  CampaignNotFound,
  LockConflict,
  PermissionMissing,
  type CampaignId,
  GenesysRefused,
  GenesysUnavailable,
  type GatewayError,
  RateLimited
} from "@campaignctl/core"
import {
  memoryAuditLog,
  memoryGateway,
  MemoryLedger,
  sequentialIds
} from "@campaignctl/core/testing"
import { Effect, Layer, Logger, Stream } from "effect"
import { holdsFromStore } from "../../../src/halt/holds/holdsFromStore.ts"
import { Journal, type JournalLine } from "../../../src/halt/journal/Journal.ts"
import { memoryHoldStore } from "./memoryHoldStore.ts"

/** What happens to one request of a halt. */
export type Mishap =
  | { readonly kind: "none" }
  | { readonly kind: "rateLimited"; readonly retryAfterMs?: number }
  | { readonly kind: "lostBefore" }
  | { readonly kind: "lostAfter" }
  | { readonly kind: "refused" }
  | { readonly kind: "conflict" }
  | { readonly kind: "gone" }
  | { readonly kind: "permission" }
  | { readonly kind: "slow"; readonly ms: number }

/** The mishaps of one run, in the order of the requests; none after the last. */
export interface Mishaps {
  readonly stops: ReadonlyArray<Mishap>
  readonly lists: ReadonlyArray<Mishap>
  /** Milliseconds from the moment at which a start is sent to that at which it takes effect. */
  readonly startTakesMs: number
  readonly journalBroken: boolean
}

/** What a run has seen that no port tells. */
export class Witness {
  readonly stopped: Array<CampaignId> = []
  readonly journal: Array<JournalLine> = []
  /** Stops that were sent before anything was written down about them. */
  untold = 0
  lists = 0
}

const lost = new GenesysUnavailable({ reason: "connection-lost", detail: "as the test wants." })

const REFUSALS: Partial<Record<Mishap["kind"], GatewayError>> = {
  lostBefore: lost,
  refused: new GenesysRefused({ status: 400, genesysCode: "model", detail: "as the test wants." }),
  conflict: new LockConflict({ campaignId: "any" }),
  gone: new CampaignNotFound({ campaignId: "any" }),
  permission: new PermissionMissing({
    permission: "outbound:campaign:stop",
    detail: "as the test wants."
  })
}

const around = <A>(
  mishap: Mishap,
  effect: Effect.Effect<A, GatewayError>
): Effect.Effect<A, GatewayError> => {
  if (mishap.kind === "slow") return Effect.delay(effect, mishap.ms)
  if (mishap.kind === "rateLimited")
    return Effect.fail(
      new RateLimited(
        mishap.retryAfterMs === undefined ? {} : { retryAfterMs: mishap.retryAfterMs }
      )
    )
  if (mishap.kind === "lostAfter") return Effect.andThen(effect, Effect.fail(lost))
  const refusal = REFUSALS[mishap.kind]
  return refusal === undefined ? effect : Effect.fail(refusal)
}

const NONE: Mishap = { kind: "none" }

/** The memory gateway with the mishaps of one run. */
const troubled = (mishaps: Mishaps, witness: Witness) =>
  Layer.effect(
    CampaignGateway,
    Effect.gen(function* () {
      const [gateway, ledger] = [yield* CampaignGateway, yield* MemoryLedger]
      const told = Effect.fnUntraced(function* (id: CampaignId) {
        const written = [...(yield* ledger.entries), ...witness.journal.map(({ draft }) => draft)]
        if (!written.some(({ campaignId, kind }) => kind === "intent" && campaignId === id))
          witness.untold += 1
      })
      return CampaignGateway.of({
        ...gateway,
        stop: (id, reason) =>
          Effect.gen(function* () {
            const mishap = mishaps.stops[witness.stopped.length] ?? NONE
            witness.stopped.push(id)
            yield* told(id)
            return yield* around(mishap, gateway.stop(id, reason))
          }),
        list: (filter) =>
          Stream.unwrap(
            Effect.suspend(() => {
              const mishap = mishaps.lists[witness.lists] ?? NONE
              witness.lists += 1
              return around(mishap, Effect.succeed(gateway.list(filter)))
            })
          ),
        apply: (campaign, change) =>
          change.target === "active"
            ? Effect.delay(gateway.apply(campaign, change), mishaps.startTakesMs)
            : gateway.apply(campaign, change)
      })
    })
  )

const willing = Layer.mergeAll(
  Layer.succeed(
    AgentCapacity,
    AgentCapacity.oneByOne(() =>
      Effect.succeed({ _tag: "AgentsAvailable", available: 9, of: "Queue" })
    )
  ),
  CallingWindows.always({ zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }] })
)

const journalOf = ({ journalBroken }: Mishaps, witness: Witness) =>
  Layer.succeed(Journal, {
    append: (line: JournalLine) =>
      journalBroken
        ? Effect.fail(new AuditUnavailable({ detail: "no disk.", changeMayHaveHappened: false }))
        : Effect.sync(() => void witness.journal.push(line))
  })

/** No mishap at all. */
export const CALM: Mishaps = { stops: [], lists: [], startTakesMs: 0, journalBroken: false }

/** Everything that a halt and a transition need, in memory, with the mishaps of one run. */
export const haltWorld = (mishaps: Mishaps, witness: Witness) =>
  Layer.mergeAll(
    troubled(mishaps, witness),
    holdsFromStore,
    willing,
    journalOf(mishaps, witness),
    Logger.layer([])
  ).pipe(
    Layer.provideMerge(
      Layer.mergeAll(
        memoryGateway,
        memoryAuditLog.pipe(Layer.provideMerge(sequentialIds)),
        memoryHoldStore
      )
    ),
    Layer.fresh
  )

export type World = Layer.Success<ReturnType<typeof haltWorld>>
