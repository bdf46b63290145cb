import { readFile } from "node:fs/promises"
import type { Command } from "commander"
import { expect, it } from "vitest"
import { ExitCode } from "../src/exit/ExitCode.ts"
import { makeProgram } from "../src/program/program.ts"

const silent = () => undefined
const program = makeProgram({
  start: () => Promise.resolve(),
  hand: () => Promise.resolve(),
  launcher: "",
  printVersion: silent,
  writeOut: silent,
  writeErr: silent
})

const readme = () => readFile(new URL("../README.md", import.meta.url), "utf8")

const leaves = (command: Command, before = ""): ReadonlyArray<[string, Command]> => {
  const name = `${before}${command.name()}`
  return command.commands.length === 0
    ? [[name, command]]
    : command.commands.flatMap((child) => leaves(child, `${name} `))
}

it("the README names every command and every option", async () => {
  const text = await readme()
  for (const [name, command] of program.commands.flatMap((child) => leaves(child))) {
    expect(text).toContain(`\`${name}`)
    for (const { long } of command.options) expect(text).toContain(long)
  }
})

it("the README lists every exit code", async () => {
  const text = await readme()
  for (const code of Object.values(ExitCode))
    expect(text).toMatch(new RegExp(`\\| (?:\\d+, )*${code}\\b`))
})
