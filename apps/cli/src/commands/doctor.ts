import { type Config, type ConfigInvalid, type Environment } from "@campaignctl/core"
import { Effect, Result } from "effect"
import { genesysLayer } from "../compose/layers.ts"
import { type ConfigOptions, loadConfig, loadLedgerConfig } from "../compose/loadConfig.ts"
import { checkGenesys } from "../doctor/checkGenesys.ts"
import { checkLedger } from "../doctor/checkLedger.ts"
import { exitCodeOfFindings, failed, type Finding, ok, skipped } from "../doctor/Finding.ts"
import { ExitCode, exitCodeOf } from "../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit } from "../render/emit.ts"
import { onOneLine } from "../render/onOneLine.ts"
import type { Style } from "../terminal/Terminal.ts"

/** `doctor`: everything that a change needs, looked at one by one, with what to do about each. */
export const command = ({ env, options }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const config = yield* Effect.result(loadConfig(env, options))
    const findings = [
      ...configuration(config),
      ...(yield* genesys(config)),
      yield* ledger(env, options)
    ]
    const exitCode = exitCodeOfFindings(findings)
    const document = findings.map(({ exitCode: _own, ...finding }) => finding)
    yield* emit({ healthy: exitCode === ExitCode.done, checks: document }, ({ out }) =>
      findings.flatMap(({ action, check, detail, status }) => [
        `${out.paint(MARKS[status].style, MARKS[status].sign)} ${check.padEnd(CHECK_COLUMNS)}  ${onOneLine(detail)}`,
        ...(action === undefined ? [] : [`  ${" ".repeat(CHECK_COLUMNS)}  → ${onOneLine(action)}`])
      ])
    )
    return exitCode
  })

/** Columns of the longest check's name. */
const CHECK_COLUMNS = 13

const MARKS: Readonly<Record<Finding["status"], { readonly sign: string; readonly style: Style }>> =
  {
    ok: { sign: "✓", style: "green" },
    warning: { sign: "!", style: "yellow" },
    failed: { sign: "✗", style: "red" },
    skipped: { sign: "–", style: "gray" }
  }

type Loaded = Result.Result<Config, ConfigInvalid>

const configuration = (config: Loaded): ReadonlyArray<Finding> =>
  Result.isFailure(config)
    ? config.failure.problems.map(({ expected, found, key }) =>
        failed(
          "configuration",
          `${key}: expected ${expected}; found ${found}.`,
          `Set ${key}.`,
          ExitCode.usage
        )
      )
    : [
        ok(
          "configuration",
          `${config.success.genesys.contract} contract at ${config.success.genesys.apiUrl}.`
        )
      ]

const genesys = Effect.fnUntraced(function* (
  config: Loaded
): Effect.fn.Return<ReadonlyArray<Finding>> {
  if (Result.isFailure(config)) return [skipped("token", "Needs a usable configuration.")]
  const { Diagnosis } = yield* Effect.promise(() => import("@campaignctl/genesys-cloud"))
  return yield* Effect.flatMap(Diagnosis, (diagnosis) =>
    checkGenesys(diagnosis, config.success)
  ).pipe(
    Effect.provide(genesysLayer(config.success)),
    Effect.catch((error) =>
      Effect.succeed([
        failed("configuration", error.message, error.page.nextStep, exitCodeOf(error))
      ])
    )
  )
})

const ledger = (env: Environment, options: ConfigOptions): Effect.Effect<Finding> =>
  Effect.matchEffect(loadLedgerConfig(env, options), {
    onSuccess: (found) => checkLedger(found, env),
    onFailure: () => Effect.succeed(skipped("ledger", "Needs a usable configuration."))
  })
