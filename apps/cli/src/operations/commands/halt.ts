import { Ids, PauseReason } from "@campaignctl/core"
import {
  HaltProgress,
  type HaltReport,
  type HaltRequest,
  haltRequestOf,
  type HaltSnapshot,
  haltSucceeded,
  runHalt
} from "@campaignctl/operations"
import { Effect } from "effect"
import { DURATION_FORMS, durationText, parseDuration } from "../../arguments/duration.ts"
import { Problems } from "../../arguments/Problems.ts"
import { loadConfig } from "../../compose/loadConfig.ts"
import { requestedBy } from "../../compose/requestedBy.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import { StatusLine } from "../../progress/StatusLine.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, warn } from "../../render/emit.ts"
import { onOneLine } from "../../render/onOneLine.ts"
import { table } from "../../render/table.ts"
import { Terminal, type TerminalShape } from "../../terminal/Terminal.ts"
import { haltPorts } from "../haltPorts.ts"
import { selectorOf } from "../selectorOf.ts"

export interface HaltOptions {
  readonly name?: string
  readonly selector?: ReadonlyArray<string>
  readonly reason?: string
  readonly note?: string
  readonly deadline?: string
}

const DEFAULT_NAME = "halt"
const NAME_LIMIT = 100
const DEFAULT_DEADLINE = "10m"

/**
 * `halt`: stops what dials and keeps it stopped until the halt is lifted by name. Never asks whether it
 * is meant: stopping is never held up.
 */
export const halt = ({ env, options }: CommandInput<HaltOptions>): CommandEffect =>
  Effect.gen(function* () {
    const asked = yield* askedOf(options)
    const config = yield* loadConfig(env, options)
    const report = yield* Effect.gen(function* () {
      const ids = yield* Ids
      return yield* followed({
        ...asked,
        requestedBy: requestedBy(config),
        source: "cli",
        requestId: yield* ids.next
      })
    }).pipe(Effect.provide(haltPorts(config, env)))
    yield* showReport(report)
    return haltSucceeded(report) ? ExitCode.done : ExitCode.partial
  })

const askedOf = Effect.fnUntraced(function* (options: HaltOptions) {
  const problems = new Problems()
  const selector = selectorOf(options.selector ?? [], problems)
  if (selector?.states !== undefined)
    problems.add(
      "--selector",
      "parts that do not change when a campaign is stopped",
      "a state, which does"
    )
  const pauseReason = problems.choice(
    "--reason",
    PauseReason.literals,
    options.reason ?? "COMPLIANCE"
  )
  const name = problems.parsed(
    "--name",
    `a name of 1 to ${NAME_LIMIT} characters`,
    options.name ?? DEFAULT_NAME,
    (text) => (text.trim() === "" || text.length > NAME_LIMIT ? undefined : text.trim())
  )
  const proofDeadlineMs = problems.parsed(
    "--deadline",
    DURATION_FORMS,
    options.deadline ?? DEFAULT_DEADLINE,
    parseDuration
  )
  yield* problems.check
  if (
    selector === undefined ||
    pauseReason === undefined ||
    name === undefined ||
    proofDeadlineMs === undefined
  )
    return yield* Effect.die(new Error("a problem was not reported"))
  const {
    requestedBy: _by,
    requestId: _id,
    source: _source,
    ...request
  } = haltRequestOf(
    {
      _tag: "Halt",
      name,
      selector,
      pauseReason,
      proofDeadlineMs,
      ...(options.note === undefined ? {} : { note: options.note })
    },
    { requestedBy: "", source: "cli", requestId: "" }
  )
  return request
})

const progressText = (seen: HaltSnapshot): string =>
  [
    seen.holding ? "held" : "NOT HELD YET",
    `${seen.selected} campaigns`,
    `${seen.toStop} to stop`,
    `${seen.dialling} dialling`,
    `${seen.draining} draining`,
    ...(seen.proven ? ["proven"] : []),
    durationText(seen.elapsedMs)
  ].join("  ")

const followed = Effect.fnUntraced(function* (request: HaltRequest) {
  const { err, format, out, quiet } = yield* Terminal
  const line = new StatusLine(err)
  const piped = format === "table" && !out.isTerminal
  let last: HaltSnapshot | undefined
  return yield* runHalt(request).pipe(
    Effect.provideService(HaltProgress, {
      report: (snapshot) =>
        Effect.sync(() => {
          last = snapshot
          if (piped) out.write(`${JSON.stringify(snapshot)}\n`)
          if (!quiet && err.isTerminal) line.show(progressText(snapshot))
        })
    }),
    Effect.ensuring(Effect.sync(() => line.clear())),
    Effect.onInterrupt(() =>
      Effect.sync(() => err.write(`${unfinishedText(request.name, last)}\n`))
    )
  )
})

/** What a halt that was cut short leaves: it must not be taken for one that came to its end. */
const unfinishedText = (name: string, last: HaltSnapshot | undefined): string => {
  const dialling =
    last === undefined
      ? "nothing had been looked at yet"
      : `${last.dialling} of ${last.selected} campaigns dialled when last looked at`
  const starts =
    last?.holding === true
      ? `Starts are refused until \`campaignctl halt lift ${name}\`.`
      : "Whether starts are refused, `campaignctl halt list` shows."
  return `The halt is NOT done: ${dialling}. ${starts} The same command again stops what still dials, and proves it.`
}

const after = (ms: number | null, not = "not reached"): string =>
  ms === null ? not : durationText(ms)

const lines = (report: HaltReport, { out }: TerminalShape): ReadonlyArray<string> => {
  const notStopped = report.campaigns.filter(
    ({ outcome }) => outcome === "failed" || outcome === "unknown"
  )
  const none = report.campaigns.length === 0 ? "not needed" : "not reached"
  const proven = report.proven
    ? out.paint("green", "Nothing dials: proven by a list.")
    : out.paint("red", "NOT PROVEN that nothing dials.")
  return [
    `${out.paint("bold", report.name)}  ${proven}`,
    `  ${report.campaigns.length} of ${report.selected} campaigns had to be stopped.`,
    `  first stop ${after(report.firstStopAfterMs, none)}, last accepted ${after(report.lastAcceptAfterMs, none)}, no new dials ${after(report.noNewDialsAfterMs)}, drained ${after(report.drainedAfterMs)}`,
    `  requests: ${report.requests.lists} lists, ${report.requests.stops} stops, ${report.requests.others} others`,
    report.holding
      ? `  Starts are refused until \`campaignctl halt lift ${report.name}\`.`
      : `  ${out.paint("red", "Starts are NOT refused:")} the hold could not be written down.`,
    ...table(
      [
        { title: "CAMPAIGN", text: ({ name }) => name },
        { title: "ID", text: ({ campaignId }) => campaignId },
        { title: "CAME OF IT", text: ({ outcome }) => outcome, style: () => "red" },
        { title: "WHY", text: ({ detail, errorCode }) => detail ?? errorCode ?? "", gives: "words" }
      ],
      notStopped,
      out
    )
  ]
}

const showReport = Effect.fnUntraced(function* (report: HaltReport) {
  const { format, out } = yield* Terminal
  if (format === "table" && !out.isTerminal) out.write(`${JSON.stringify(report)}\n`)
  else yield* emit(report, (terminal) => lines(report, terminal))
  for (const warning of report.warnings) yield* warn(onOneLine(warning))
})
