import {
  isOver,
  type Operation,
  type OperationChange,
  type OperationKind,
  type OperationSpec
} from "@campaignctl/operations"
import type { ChangeDocument, KINDS, OperationDocument } from "./schemas.ts"

/** What each kind of operation is called in requests and answers. */
export const KIND_OF = {
  Transition: "transition",
  Fleet: "fleet",
  Halt: "halt"
} as const satisfies Record<OperationKind, (typeof KINDS)[number]>

/** A change in the words of a request. */
const changeDocument = ({
  overrides,
  pauseReason,
  ...change
}: OperationChange): ChangeDocument => ({
  ...change,
  ...(pauseReason === undefined ? {} : { reason: pauseReason }),
  ...(overrides === undefined ? {} : { override: overrides })
})

const askedOf = (spec: OperationSpec): OperationDocument["asked"] => {
  switch (spec._tag) {
    case "Transition": {
      const { _tag, change, expectedLock, ...asked } = spec
      return {
        ...asked,
        change: changeDocument(change),
        ...(expectedLock === undefined ? {} : { ifMatch: expectedLock })
      }
    }
    case "Fleet": {
      const { _tag, change, ...asked } = spec
      return { ...asked, change: changeDocument(change) }
    }
    case "Halt": {
      const { _tag, pauseReason, ...asked } = spec
      return { ...asked, reason: pauseReason }
    }
  }
}

/** An operation as it is answered. The divisions of whoever submitted it are nobody else's business. */
export const operationDocument = (operation: Operation): OperationDocument => ({
  id: operation.id,
  kind: KIND_OF[operation.spec._tag],
  status: operation.status,
  over: isOver(operation.status),
  durable: true,
  asked: askedOf(operation.spec),
  cancelRequested: operation.cancelRequested,
  counts: operation.counts,
  requestedBy: operation.requestedBy,
  source: operation.source,
  scheduleId: operation.scheduleId,
  submittedAt: operation.submittedAt,
  startedAt: operation.startedAt,
  finishedAt: operation.finishedAt,
  detail: operation.detail,
  report: operation.report
})

/** One that the database does not know of: it ends with this process. */
export const undurableDocument = (operation: Operation): OperationDocument => ({
  ...operationDocument(operation),
  durable: false
})
