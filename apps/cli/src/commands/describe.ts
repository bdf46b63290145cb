import {
  AuditLog,
  type AuditEntry,
  CampaignGateway,
  getState,
  isDialling,
  type MatrixRule,
  TargetState,
  type TransitionMatrix
} from "@campaignctl/core"
import { Effect, Stream } from "effect"
import { campaignIds } from "../arguments/campaignIds.ts"
import { Problems } from "../arguments/Problems.ts"
import { readingLayer } from "../compose/readingLayer.ts"
import { loadConfig } from "../compose/loadConfig.ts"
import { campaignDocument, type CampaignDocument } from "../documents/CampaignDocument.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { auditTable } from "../render/auditTable.ts"
import { emit } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import { stateStyle } from "../render/stateStyle.ts"
import type { TerminalShape } from "../terminal/Terminal.ts"

/** Audit entries that are shown of one campaign: its recent past on one screen. */
const HISTORY_ENTRIES = 5

/** A campaign with everything beside it. Part of the documented output. */
interface DescriptionDocument extends CampaignDocument {
  /** Calls still running; null where it cannot be told or where none can be. */
  readonly outstandingCalls: number | null
  /** Where the matrix lets the campaign go from its state. */
  readonly transitions: Readonly<Record<TargetState, MatrixRule>>
  /** The newest audit entries, the newest first. */
  readonly history: ReadonlyArray<AuditEntry>
}

/** `describe`: one campaign, where it may go, and what was done with it. */
export const command = ({ args, env, options }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const problems = new Problems()
    const [id] = campaignIds(args, problems)
    yield* problems.check
    if (id === undefined) return ExitCode.usage
    const config = yield* loadConfig(env, options)
    return yield* Effect.gen(function* () {
      const observation = yield* getState(id)
      const gateway = yield* CampaignGateway
      const ledger = yield* AuditLog
      const [calls, history] = yield* Effect.all(
        [
          isDialling(observation.state)
            ? Effect.catch(gateway.outstandingCalls(id), () => Effect.succeed(undefined))
            : Effect.succeed(undefined),
          Stream.runCollect(
            ledger.query({ campaignId: id, newestFirst: true, limit: HISTORY_ENTRIES })
          )
        ],
        { concurrency: 2 }
      )
      const document: DescriptionDocument = {
        ...campaignDocument(observation),
        outstandingCalls: calls ?? null,
        transitions: config.guards.matrix[observation.state],
        history
      }
      yield* emit(document, (terminal) => lines(document, terminal, config.guards.matrix))
      return ExitCode.done
    }).pipe(Effect.provide(readingLayer(config, env)))
  })

const lines = (
  document: DescriptionDocument,
  { out }: TerminalShape,
  matrix: TransitionMatrix
): ReadonlyArray<string> => {
  const named = (reference: { readonly id: string; readonly name?: string } | undefined) =>
    reference === undefined
      ? "–"
      : reference.name === undefined
        ? reference.id
        : `${reference.name} (${reference.id})`
  const facts: ReadonlyArray<readonly [title: string, value: string]> = [
    ["Id", document.id],
    [
      "State",
      `${out.paint(stateStyle[document.state], document.state)} (Genesys: ${onOneLine(document.status)})`
    ],
    ...(document.drifted
      ? [["Drift", "somebody else changed it since the ledger's last entry"] as const]
      : []),
    ...(document.pauseReason === undefined ? [] : [["Reason", document.pauseReason] as const]),
    ...(document.outstandingCalls === null
      ? []
      : [["Calls", `${document.outstandingCalls} running`] as const]),
    ["Mode", onOneLine(document.dialingMode ?? "–")],
    ["Queue", onOneLine(named(document.queue))],
    ["Division", onOneLine(named(document.division))],
    ["Hours", onOneLine(named(document.callableTimeSet))],
    ["Lock", onOneLine(document.lock)],
    ["May become", targetsText(matrix[document.state])]
  ]
  const width = Math.max(...facts.map(([title]) => title.length))
  return [
    out.paint("bold", onOneLine(document.name)),
    ...facts.map(([title, value]) => `  ${out.paint("dim", title.padEnd(width))}  ${value}`),
    "",
    ...(document.history.length === 0
      ? [out.paint("dim", "No audit entry yet.")]
      : auditTable(document.history, out))
  ]
}

const targetsText = (rules: Readonly<Record<TargetState, MatrixRule>>): string => {
  const targets = TargetState.literals.flatMap((target) =>
    rules[target] === "refused"
      ? []
      : [rules[target] === "allowed" ? target : `${target} (with --restart)`]
  )
  return targets.length === 0 ? "nothing else" : targets.join(", ")
}
