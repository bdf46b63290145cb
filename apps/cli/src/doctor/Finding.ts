import { ExitCode, worstOf } from "../exit/ExitCode.ts"

/** What one check found. Part of the documented output. */
export interface Finding {
  readonly check: "configuration" | "token" | "clock" | "permissions" | "limits" | "ledger"
  readonly status: "ok" | "warning" | "failed" | "skipped"
  readonly detail: string
  /** What to do; only where something is to be done. */
  readonly action?: string
  readonly exitCode: ExitCode
}

export const ok = (check: Finding["check"], detail: string): Finding => ({
  check,
  status: "ok",
  detail,
  exitCode: ExitCode.done
})

export const skipped = (check: Finding["check"], detail: string): Finding => ({
  check,
  status: "skipped",
  detail,
  exitCode: ExitCode.done
})

export const warning = (check: Finding["check"], detail: string, action: string): Finding => ({
  check,
  status: "warning",
  detail,
  action,
  exitCode: ExitCode.done
})

export const failed = (
  check: Finding["check"],
  detail: string,
  action: string,
  exitCode: ExitCode
): Finding => ({ check, status: "failed", detail, action, exitCode })

/** The exit code of everything that was found: the worst one. */
export const exitCodeOfFindings = (findings: ReadonlyArray<Finding>): ExitCode =>
  worstOf(findings.map(({ exitCode }) => exitCode))
