import { Result } from "effect"
import { CampaignState, TargetState } from "../campaign/State.ts"
import type { MatrixRule, TransitionMatrix } from "../matrix/TransitionMatrix.ts"
import { json } from "./json.ts"
import { type Fault, type Parser } from "./Parsed.ts"

const RULES: ReadonlyArray<MatrixRule> = ["allowed", "with-restart", "refused"]

/** A transition matrix from JSON. It must be total: every state, and for each every target; nothing else. */
export const matrixJson: Parser<TransitionMatrix> = (text) =>
  Result.flatMap(json(text), (value) => {
    const faults = [
      ...strangers(value, CampaignState.literals, "the matrix"),
      ...CampaignState.literals.flatMap((state) => rowFaults(member(value, state), state))
    ]
    return faults.length > 0 || !isTotal(value) ? Result.fail(faults) : Result.succeed(value)
  })

const rowFaults = (row: unknown, state: CampaignState): ReadonlyArray<Fault> =>
  isObject(row)
    ? [
        ...strangers(row, TargetState.literals, state),
        ...TargetState.literals.flatMap((target) => ruleFaults(member(row, target), state, target))
      ]
    : [
        {
          expected: `at ${state} a rule for each of ${TargetState.literals.join(", ")}`,
          found: foundText(row)
        }
      ]

const ruleFaults = (
  rule: unknown,
  state: CampaignState,
  target: TargetState
): ReadonlyArray<Fault> =>
  isRule(rule)
    ? []
    : [{ expected: `${RULES.join(", ")} at ${state}.${target}`, found: foundText(rule) }]

const foundText = (value: unknown): string =>
  value === undefined ? "nothing" : (JSON.stringify(value) ?? typeof value)

const strangers = (
  value: unknown,
  known: ReadonlyArray<string>,
  place: string
): ReadonlyArray<Fault> =>
  (isObject(value) ? Object.keys(value) : [])
    .filter((key) => !known.includes(key))
    .map((key) => ({ expected: `in ${place} only ${known.join(", ")}`, found: key }))

const isTotal = (value: unknown): value is TransitionMatrix =>
  CampaignState.literals.every((state) =>
    TargetState.literals.every((target) => isRule(member(member(value, state), target)))
  )

const isRule = (value: unknown): value is MatrixRule => RULES.some((rule) => rule === value)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const member = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
