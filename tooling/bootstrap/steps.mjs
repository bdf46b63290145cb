// Runs on whatever Node a fresh machine has, before anything is installed: plain JavaScript, no dependencies.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { constants, tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

/** The checkout's root folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url))

/** The oldest Node that can run the package manager; the work itself runs on the Node that it installs. */
const MINIMUM_NODE_MAJOR = 20

/** How a shell reports a process that a signal ended: this plus the signal's number. */
const SIGNAL_EXIT_BASE = 128

/** Turbo's telemetry is off: nothing here talks to anyone but the package registry. */
const quietTurbo = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" }

/** Most of the tools are programs of Node with thousands of files; compiled once, they start faster. */
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), "campaignctl-compiled") }

/** Tools that know they run in CI colour what they print even where no terminal shows it. */
const plainOutput = process.stdout.isTTY ? {} : { NO_COLOR: "1" }

/**
 * Runs a program in the checkout's root and answers its exit code.
 *
 * With `captured`, what it prints is kept back and shown only when it fails.
 *
 * @param {string} program
 * @param {ReadonlyArray<string>} args
 * @param {{ captured?: boolean }} [options]
 * @returns {Promise<number>}
 */
export const run = (program, args, { captured = false } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: {
        ...process.env,
        ...quietTurbo,
        ...compiled,
        ...plainOutput,
        // The installed tools, Node 24 among them, come before the host's.
        PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`
      },
      stdio: captured ? ["ignore", "pipe", "pipe"] : "inherit",
      // On Windows npx is a .cmd file, which only a shell can start.
      shell: process.platform === "win32"
    })
    /** @type {Array<Buffer>} */
    const output = []
    child.stdout?.on("data", (chunk) => output.push(chunk))
    child.stderr?.on("data", (chunk) => output.push(chunk))
    // Ctrl-C reaches the whole process group; the child decides how to end and its code is passed on.
    const wait = () => undefined
    process.on("SIGINT", wait)
    const forward = () => child.kill("SIGTERM")
    process.on("SIGTERM", forward)
    child.once("error", reject)
    child.once("close", (code, signal) => {
      process.off("SIGINT", wait)
      process.off("SIGTERM", forward)
      const exitCode = code ?? SIGNAL_EXIT_BASE + constants.signals[signal ?? "SIGTERM"]
      if (captured && exitCode !== 0) process.stderr.write(`\n${Buffer.concat(output)}`)
      resolve(exitCode)
    })
  })

/** The package manager and its version, as `package.json` pins it. */
const packageManager = () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
  return String(manifest.packageManager)
}

/**
 * Runs pnpm without asking that it be installed.
 *
 * @param {ReadonlyArray<string>} args
 * @param {{ captured?: boolean }} [options]
 */
export const pnpm = (args, options) => run("npx", ["--yes", packageManager(), ...args], options)

/**
 * Runs turbo tasks. Turbo looks for pnpm on the PATH, where only `pnpm exec` puts it.
 *
 * @param {ReadonlyArray<string>} args
 * @param {{ captured?: boolean }} [options]
 */
export const turbo = (args, options) => pnpm(["exec", "turbo", "run", ...args], options)

/**
 * Announces a step, runs it with its output kept back, and ends the process when it fails.
 *
 * @param {string} title
 * @param {() => Promise<number>} work
 */
export const step = async (title, work) => {
  const started = performance.now()
  process.stderr.write(`${title} …`)
  const code = await work()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(code === 0 ? ` done in ${seconds} s\n` : ` failed (exit code ${code})\n`)
  if (code !== 0) process.exit(code)
}

/** Installs what the lockfile names, Node 24 included. */
export const install = async () => {
  const major = Number(process.versions.node.split(".")[0])
  if (major < MINIMUM_NODE_MAJOR) {
    process.stderr.write(
      `Node ${MINIMUM_NODE_MAJOR} or newer is needed to start from; this is ${process.version}. See https://nodejs.org\n`
    )
    process.exit(1)
  }
  await step(`Installing dependencies with ${packageManager()}`, () =>
    pnpm(["install", "--frozen-lockfile", "--reporter=append-only"], { captured: true })
  )
}
