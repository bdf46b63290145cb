import type { TransitionPorts } from "@campaignctl/core"
import type { OperationKind, OperationSpec } from "../domain/Operation.ts"
import { fleetBody } from "../fleet/fleetBody.ts"
import { transitionBody } from "../fleet/transitionBody.ts"
import { haltBody } from "../halt/haltBody.ts"
import type { HaltPorts } from "../halt/runHalt.ts"
import type { Transitions } from "../ports/Transitions.ts"
import type { OperationBody } from "./OperationBody.ts"

/** What the bodies may use. */
export type BodyPorts = TransitionPorts | Transitions | HaltPorts

type SpecOf<K extends OperationKind> = Extract<OperationSpec, { readonly _tag: K }>

/** How each kind of operation is carried on. */
export type Bodies = {
  readonly [K in OperationKind]: OperationBody<SpecOf<K>, BodyPorts>
}

/** The bodies in use; a kind without one is not accepted. */
export const bodies: Partial<Bodies> = {
  Transition: transitionBody,
  Fleet: fleetBody,
  Halt: haltBody
}
