import { Effect } from "effect"
import { HttpProblem } from "../problems/HttpProblem.ts"
import type { Caller } from "./Caller.ts"

/** Fails where the caller is bound to divisions: for what tells of all of them. */
export const unbound = ({ divisionIds }: Caller): Effect.Effect<void, HttpProblem> =>
  divisionIds === undefined ? Effect.void : Effect.fail(new HttpProblem({ code: "DIVISION_BOUND" }))
