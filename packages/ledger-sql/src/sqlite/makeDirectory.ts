import { mkdir, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { Predicate } from "effect"

const codeOf = (cause: unknown): unknown =>
  Predicate.hasProperty(cause, "code") ? cause.code : undefined

const isDirectory = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory()
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return false
    throw cause
  }
}

/**
 * Makes a directory and those above it that are missing. Fails with the file system's own error.
 *
 * Not Node's `recursive`: where a directory is there and refuses another with ENOENT, as `/proc` and
 * the root of an automounter do, that one tries for ever and cannot be interrupted.
 */
export const makeDirectory = async (path: string, mode?: number): Promise<void> => {
  if (await isDirectory(path)) return
  const parent = dirname(path)
  if (parent !== path) await makeDirectory(parent, mode)
  try {
    await mkdir(path, mode)
  } catch (cause) {
    // Another process was faster; what it made is as good.
    if (codeOf(cause) !== "EEXIST" || !(await isDirectory(path))) throw cause
  }
}
