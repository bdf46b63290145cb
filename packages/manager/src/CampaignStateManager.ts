import {
  AuditLog,
  awaitDrain,
  explain,
  type GatewayError,
  getState,
  listStates,
  RequestInvalid,
  transition
} from "@campaignctl/core"
import { WebhookRegistration } from "@campaignctl/genesys-cloud"
import { Effect, Stream } from "effect"
import { Arguments } from "./Arguments.ts"
import type {
  AuditFilter,
  CallOptions,
  DrainWaitOptions,
  ExplainOptions,
  ListFilter,
  TransitionOptions
} from "./callOptions.ts"
import { portsOf } from "./composition.ts"
import { callbackProblems } from "./configOf.ts"
import {
  auditFields,
  callFields,
  campaignIdField,
  DEFAULT_DRAIN_TIMEOUT_MS,
  drainFields,
  explainRequestFields,
  listFields,
  transitionFields,
  transitionRequestFields
} from "./fields.ts"
import type { ManagerOptions } from "./ManagerOptions.ts"
import {
  campaignReport,
  drainReport,
  explanationReport,
  transitionReport,
  verificationReport
} from "./plain.ts"
import { Defaults, type PortsLayer, Session } from "./Session.ts"
import type {
  AuditRecord,
  AuditVerification,
  CampaignReport,
  DrainReport,
  ExplanationReport,
  PauseReason,
  SettledReport,
  TargetState,
  TransitionReport,
  WebhookReport
} from "./shapes.ts"

/** What stands for the id of a webhook that was there before. Source: the ETag contract. */
const EXISTING_WEBHOOK = "existing"

let adopt: (session: Session) => CampaignStateManager

/**
 * Changes the execution state of Genesys Cloud outbound campaigns safely, for applications that do
 * not use Effect: Promises, plain objects, and errors as classes.
 *
 * Every method checks its arguments before anything is opened or sent, and rejects with a
 * `CampaignctlError`, never with anything else. The first call opens the ledger and settles what an
 * earlier process left open, unless `initialize` has done so. Nothing is read from the environment
 * before that.
 *
 * @example
 * const manager = new CampaignStateManager()
 * await manager.initialize()
 * await manager.transitionState(campaignId, "paused", "CUSTOMER_REQUEST")
 * await manager.close()
 */
export class CampaignStateManager {
  #session: Session

  static {
    adopt = (session) => {
      const manager = new CampaignStateManager()
      manager.#session = session
      return manager
    }
  }

  /** @param options override what the environment says; without any, the environment alone decides. */
  constructor(options?: ManagerOptions) {
    this.#session = new Session(portsOf(options))
  }

  /** A manager that is initialized. */
  static async create(options?: ManagerOptions): Promise<CampaignStateManager> {
    const manager = new CampaignStateManager(options)
    try {
      await manager.initialize()
      return manager
    } catch (error) {
      await manager.close()
      throw error
    }
  }

  /**
   * Opens the ledger and settles the changes that an earlier process left without an outcome.
   *
   * Callers at the same time share one opening; later ones get the same answer. After a failure the
   * next caller tries afresh.
   *
   * @returns what was settled, oldest first; mostly nothing
   */
  async initialize(options?: CallOptions): Promise<ReadonlyArray<SettledReport>> {
    const { signal } = this.#checkedOptions(options)
    return this.#session.initialize(signal)
  }

  /**
   * Brings one campaign to a state: decides, writes under the lock, confirms, records.
   *
   * @param pauseReason required for `paused`, undefined or null otherwise
   * @throws {TransitionRejectedError} with every violation, when the guards refuse
   */
  async transitionState(
    campaignId: string,
    targetState: TargetState,
    pauseReason?: PauseReason | null,
    options?: TransitionOptions
  ): Promise<TransitionReport> {
    this.#session.assertOpen()
    const args = new Arguments()
    const { requestedBy, signal, ...own } = args.options(
      "options",
      options,
      transitionFields,
      transitionRequestFields
    )
    const raw = { campaignId, target: targetState, pauseReason: pauseReason ?? undefined }
    const request = args.accept(args.request(raw, options))
    const program = Effect.flatMap(Defaults, (defaults) =>
      transition({
        ...request,
        ...own,
        requestedBy: requestedBy ?? defaults.requestedBy,
        source: "library"
      })
    )
    return this.#session.run(Effect.map(program, transitionReport), signal)
  }

  /** One campaign and its state, as it is now. */
  async getCurrentState(campaignId: string, options?: CallOptions): Promise<CampaignReport> {
    this.#session.assertOpen()
    const args = new Arguments()
    const { signal } = args.options("options", options, callFields)
    const id = args.accept(args.value("campaignId", campaignId, campaignIdField))
    return this.#session.run(Effect.map(getState(id), campaignReport), signal)
  }

  /** Takes the decision that `transitionState` would take now, and changes nothing. */
  async explain(
    campaignId: string,
    targetState: TargetState,
    options?: ExplainOptions
  ): Promise<ExplanationReport> {
    this.#session.assertOpen()
    const args = new Arguments()
    const own = args.options("options", options, callFields, explainRequestFields)
    const request = args.accept(args.request({ campaignId, target: targetState }, options))
    return this.#session.run(Effect.map(explain(request), explanationReport), own.signal)
  }

  /** Waits until a campaign that was told to stop has no call running, or the time is up. */
  async awaitDrain(campaignId: string, options?: DrainWaitOptions): Promise<DrainReport> {
    this.#session.assertOpen()
    const args = new Arguments()
    const { signal, timeoutMs } = args.options("options", options, drainFields)
    const id = args.accept(args.value("campaignId", campaignId, campaignIdField))
    const deadline = timeoutMs ?? DEFAULT_DRAIN_TIMEOUT_MS
    return this.#session.run(Effect.map(awaitDrain(id, { deadline }), drainReport), signal)
  }

  /** The campaigns that the filter lets through, requested page by page as they are consumed. */
  async *listCampaigns(
    filter?: ListFilter,
    options?: CallOptions
  ): AsyncGenerator<CampaignReport, void, undefined> {
    this.#session.assertOpen()
    const args = new Arguments()
    const { signal } = args.options("options", options, callFields)
    const checked = args.accept(args.options("filter", filter, listFields))
    const pages = listStates(checked)
    yield* this.#session.iterate(
      pages.pipe(Stream.flatMap(Stream.fromIterable), Stream.map(campaignReport)),
      signal
    )
  }

  /** Registers an address with Genesys, where the contract has webhooks: `WEBHOOK_CALLBACK_URL` unless given. */
  async registerWebhook(url?: string | null, options?: CallOptions): Promise<WebhookReport> {
    this.#session.assertOpen()
    const args = new Arguments()
    const { signal } = args.options("options", options, callFields)
    const given = url ?? undefined
    for (const problem of given === undefined ? [] : callbackProblems(given)) args.reject(problem)
    args.accept(true)
    return this.#session.run(registerAt(given), signal)
  }

  /** The audit trail, read as it is consumed. */
  async *auditTrail(
    filter?: AuditFilter,
    options?: CallOptions
  ): AsyncGenerator<AuditRecord, void, undefined> {
    this.#session.assertOpen()
    const args = new Arguments()
    const { signal } = args.options("options", options, callFields)
    const query = args.accept(args.options("filter", filter, auditFields))
    const entries = Stream.unwrap(AuditLog.useSync((log) => log.query(query)))
    yield* this.#session.iterate(entries, signal)
  }

  /** Checks the whole audit trail for any entry that was altered, dropped, reordered or cut off. */
  async verifyAudit(options?: CallOptions): Promise<AuditVerification> {
    const { signal } = this.#checkedOptions(options)
    const program = AuditLog.use(({ verify }) => verify)
    return this.#session.run(Effect.map(program, verificationReport), signal)
  }

  /**
   * Takes no more calls, waits for those that run, and closes the ledger. Idempotent.
   *
   * An aborted signal ends the waiting: calls that still run are interrupted, get their outcome in
   * the audit and reject with `ManagerClosedError`.
   */
  async close(options?: CallOptions): Promise<void> {
    const args = new Arguments()
    const { signal } = args.accept(args.options("options", options, callFields))
    await this.#session.close(signal)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #checkedOptions(options: unknown): { readonly signal?: AbortSignal } {
    this.#session.assertOpen()
    const args = new Arguments()
    return args.accept(args.options("options", options, callFields))
  }
}

/** Registers the address that was given, or else the configured one. */
const registerAt = Effect.fnUntraced(function* (
  given: string | undefined
): Effect.fn.Return<WebhookReport, GatewayError | RequestInvalid, Defaults | WebhookRegistration> {
  const { webhookUrl } = yield* Defaults
  const url = given ?? webhookUrl
  if (url === undefined) {
    const expected = "the address to call, here or as WEBHOOK_CALLBACK_URL"
    return yield* new RequestInvalid({ problems: [{ key: "url", expected, found: "nothing" }] })
  }
  const { register } = yield* WebhookRegistration
  const { id } = yield* register(url)
  return { id, alreadyRegistered: id === EXISTING_WEBHOOK }
})

/** Inside this package alone: a manager over ports that are already composed. */
export const fromLayer = (layer: PortsLayer): CampaignStateManager => adopt(new Session(layer))
