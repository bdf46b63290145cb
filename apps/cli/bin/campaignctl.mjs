#!/usr/bin/env node
// Parsed by any Node since 20, so that an old one gets a sentence instead of a stack trace.
import module from "node:module"

// Required, not imported: the import would load Node's streams as well, for several milliseconds.
const { existsSync, readFileSync, writeSync } = module.createRequire(import.meta.url)("node:fs")

/** The oldest Node that has everything the program uses. */
const MINIMUM_NODE_MAJOR = 24

/** The exit code for a mistake in how the program is used or set up. */
const EXIT_USAGE = 2

const [flag, ...others] = process.argv.slice(2)
const program = new URL("../dist/main.js", import.meta.url)

// Written by descriptor: the stream objects cost milliseconds to set up, as much as all the rest here.
const STDOUT = 1
const STDERR = 2

const refuse = (sentence) => {
  writeSync(STDERR, `${sentence}\n`)
  process.exitCode = EXIT_USAGE
}

if ((flag === "--version" || flag === "-V") && others.length === 0) {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  writeSync(STDOUT, `${manifest.version}\n`)
} else if (Number.parseInt(process.versions.node, 10) < MINIMUM_NODE_MAJOR) {
  refuse(
    `campaignctl needs Node ${MINIMUM_NODE_MAJOR} or newer; this is ${process.version}. From a checkout, "npx campaignctl" brings its own.`
  )
} else if (existsSync(program)) {
  module.enableCompileCache()
  await import(program.href)
} else {
  refuse(`campaignctl is not built yet: run "npm start" or "pnpm build" in the checkout first.`)
}
