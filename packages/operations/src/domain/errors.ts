import type { ErrorPage } from "@campaignctl/core"
import { Schema } from "effect"
import { operationsErrors } from "./errorPages.ts"

/** There is no such operation, or it is not the caller's to see. */
export class OperationNotFound extends Schema.TaggedError<OperationNotFound>()(
  "OperationNotFound",
  { operationId: Schema.String }
) {
  readonly page: ErrorPage = operationsErrors.OperationNotFound
  override get message(): string {
    return `There is no operation ${this.operationId}.`
  }
}

/** An operation that is over cannot be paused, resumed or cancelled; one of a kind that cannot be paused neither. */
export class OperationNotControllable extends Schema.TaggedError<OperationNotControllable>()(
  "OperationNotControllable",
  { operationId: Schema.String, asked: Schema.String, why: Schema.String }
) {
  readonly page: ErrorPage = operationsErrors.OperationNotControllable
  override get message(): string {
    return `Operation ${this.operationId} cannot be ${this.asked}: ${this.why}`
  }
}

/** The engine's storage cannot be used. What was submitted before stays as it is. */
export class OperationsUnavailable extends Schema.TaggedError<OperationsUnavailable>()(
  "OperationsUnavailable",
  { detail: Schema.String }
) {
  readonly page: ErrorPage = operationsErrors.OperationsUnavailable
  override get message(): string {
    return `Operations cannot be used now: ${this.detail}`
  }
}

/** Another process carries on the operations of this SQLite file. */
export class EngineInUse extends Schema.TaggedError<EngineInUse>()("EngineInUse", {
  file: Schema.String
}) {
  readonly page: ErrorPage = operationsErrors.EngineInUse
  override get message(): string {
    return `Another process carries on operations on ${this.file}, and on SQLite only one can. End it first, or let several share the work on PostgreSQL (CAMPAIGNCTL_DATABASE_URL=postgres:…).`
  }
}
