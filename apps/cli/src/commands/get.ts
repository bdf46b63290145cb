import {
  type AuditLog,
  type AuditUnavailable,
  type CampaignFilter,
  type CampaignGateway,
  type CampaignId,
  CampaignNotFound,
  CampaignState,
  type CampaignctlError,
  type GatewayError,
  getState,
  listStates,
  type Observation
} from "@campaignctl/core"
import { Effect, Result, Stream } from "effect"
import { campaignIdOf, campaignIds } from "../arguments/campaignIds.ts"
import { Problems } from "../arguments/Problems.ts"
import { readingLayer } from "../compose/readingLayer.ts"
import { loadConfig } from "../compose/loadConfig.ts"
import { campaignDocument, type CampaignDocument } from "../documents/CampaignDocument.ts"
import { errorDocument } from "../errors/ErrorDocument.ts"
import { errorLines } from "../errors/errorLines.ts"
import { combinedExitCode, ExitCode, exitCodeOf } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { campaignTable } from "../render/campaignTable.ts"
import { emit, hint } from "../render/emit.ts"
import { Terminal } from "../terminal/Terminal.ts"

export interface GetOptions {
  readonly name?: string
  readonly division?: ReadonlyArray<string>
  readonly queue?: string
  readonly state?: ReadonlyArray<string>
}

/** `get`: all campaigns, those that the filters let through, or those that are named. */
export const command = ({ args, env, options }: CommandInput<GetOptions>): CommandEffect =>
  Effect.gen(function* () {
    const problems = new Problems()
    const ids = campaignIds(args, problems)
    const states = (options.state ?? []).flatMap(
      (word) => problems.choice("--state", CampaignState.literals, word) ?? []
    )
    yield* problems.check
    const config = yield* loadConfig(env, options)
    return yield* (ids.length === 0 ? listed(options, states) : named(ids, options, states)).pipe(
      Effect.provide(readingLayer(config, env))
    )
  })

type Needs = CampaignGateway | AuditLog | Terminal

const listed = Effect.fnUntraced(function* (
  options: GetOptions,
  states: ReadonlyArray<CampaignState>
): Effect.fn.Return<ExitCode, GatewayError | AuditUnavailable, Needs> {
  const pages = yield* Stream.runCollect(listStates(filterOf(options)))
  const documents = pages.flat().filter(passes(options, states)).map(campaignDocument)
  yield* emit(documents, ({ out }) => campaignTable(documents, out))
  if (documents.length === 0) yield* hint("No campaign matches.")
  return ExitCode.done
})

const named = Effect.fnUntraced(function* (
  ids: ReadonlyArray<CampaignId>,
  options: GetOptions,
  states: ReadonlyArray<CampaignState>
): Effect.fn.Return<ExitCode, CampaignctlError, Needs> {
  const [only, ...others] = ids
  if (only === undefined) return ExitCode.done
  if (others.length === 0) {
    const document = campaignDocument(yield* getState(only))
    yield* emit(document, ({ out }) => campaignTable([document], out))
    return ExitCode.done
  }
  const pages = yield* Stream.runCollect(listStates({ ids }))
  const seen = new Map(pages.flat().map((observation) => [observation.campaign.id, observation]))
  const results = ids.map((id): Result.Result<Observation, CampaignNotFound> => {
    const observation = seen.get(id)
    return observation === undefined
      ? Result.fail(new CampaignNotFound({ campaignId: id }))
      : Result.succeed(observation)
  })
  return yield* showNamed(results.filter(orFailed(passes(options, states))))
})

const showNamed = Effect.fnUntraced(function* (
  results: ReadonlyArray<Result.Result<Observation, CampaignNotFound>>
): Effect.fn.Return<ExitCode, never, Terminal> {
  const found = results.filter(Result.isSuccess).map(({ success }) => campaignDocument(success))
  const missing = results.filter(Result.isFailure).map(({ failure }) => failure)
  yield* emit(results.map(documentOf), ({ out }) => campaignTable(found, out))
  const { err } = yield* Terminal
  for (const error of missing) err.write(`${errorLines(error, err).join("\n")}\n`)
  return combinedExitCode([...found.map(() => ExitCode.done), ...missing.map(exitCodeOf)])
})

const documentOf = (
  result: Result.Result<Observation, CampaignNotFound>
): CampaignDocument | { readonly id: string; readonly error: unknown } =>
  Result.isSuccess(result)
    ? campaignDocument(result.success)
    : { id: result.failure.campaignId, error: errorDocument(result.failure) }

const orFailed =
  (passes: (observation: Observation) => boolean) =>
  (result: Result.Result<Observation, CampaignNotFound>): boolean =>
    Result.isFailure(result) || passes(result.success)

/** What Genesys can filter by itself. Names of queues and divisions it cannot; those are compared here. */
const filterOf = ({ division = [], name, queue }: GetOptions): CampaignFilter => {
  const divisionIds = division.flatMap((text) => campaignIdOf(text) ?? [])
  const queueId = queue === undefined ? undefined : campaignIdOf(queue)
  return {
    ...(name === undefined ? {} : { namePrefix: name }),
    // Asking for some of the divisions by id would leave out those that are named.
    ...(divisionIds.length > 0 && divisionIds.length === division.length ? { divisionIds } : {}),
    ...(queueId === undefined ? {} : { queueId })
  }
}

const passes =
  ({ division = [], name, queue }: GetOptions, states: ReadonlyArray<CampaignState>) =>
  ({ campaign, state }: Observation): boolean =>
    (states.length === 0 || states.includes(state)) &&
    (name === undefined || campaign.name.toLowerCase().startsWith(name.toLowerCase())) &&
    (division.length === 0 || division.some((wanted) => isCalled(campaign.division, wanted))) &&
    (queue === undefined || isCalled(campaign.queue, queue))

const isCalled = (
  reference: { readonly id: string; readonly name?: string } | undefined,
  wanted: string
): boolean =>
  reference !== undefined &&
  [reference.id, reference.name].some((word) => word?.toLowerCase() === wanted.trim().toLowerCase())
