import { parseSync, Visitor } from "oxc-parser"
import type { Argument, Expression, TSModuleReference } from "oxc-parser"

/** One place where a module names another. */
export interface Import {
  /** Undefined when it is computed, so that no check can know what is imported. */
  readonly specifier: string | undefined
  readonly line: number
}

/** One use of something that the platform hands to everybody: the clock, randomness, the process. */
export interface AmbientUse {
  readonly name: string
  readonly line: number
}

/** One place where a module names a file by where it lies beside it: `new URL("…", import.meta.url)`. */
export interface FileUse {
  readonly place: string
  readonly line: number
}

export interface ModuleFacts {
  readonly imports: ReadonlyArray<Import>
  /** What the programs import that the module holds as text, to run them in a process of their own. */
  readonly programImports: ReadonlyArray<Import>
  readonly fileUses: ReadonlyArray<FileUse>
  readonly ambient: ReadonlyArray<AmbientUse>
}

/** Globals of which every member reads or changes the world outside. */
const ambientObjects = new Set(["process", "performance", "console", "globalThis"])

/** Globals that are harmless but for these members. */
const ambientMembers: Readonly<Record<string, ReadonlySet<string>>> = {
  Date: new Set(["now"]),
  Math: new Set(["random"]),
  crypto: new Set(["randomUUID", "getRandomValues"])
}

/** Globals that reach for the clock, or outside, when they are called. */
const ambientCalls = new Set(["Date", "fetch", "setImmediate", "setInterval", "setTimeout"])

const literalOf = (
  node: Expression | Argument | TSModuleReference | undefined
): string | undefined =>
  node?.type === "Literal" && typeof node.value === "string" ? node.value : undefined

/** What stands for an expression in a template, where it is read as a program. */
const PLACEHOLDER = "_"

/** What a text imports if it is a program; prose does not parse. Its own files are found from elsewhere. */
const importedByProgram = (text: string): ReadonlyArray<string | undefined> => {
  if (!/\b(?:import|require|export)\b/u.test(text)) return []
  if (parseSync("program.ts", text).errors.length > 0) return []
  return parseModule("program.ts", text)
    .imports.map(({ specifier }) => specifier)
    .filter((specifier) => specifier?.startsWith(".") !== true)
}

/**
 * Reads which modules a source text imports, and which ambient powers it uses.
 *
 * Throws when the text does not parse: a file that cannot be read must not pass.
 */
export const parseModule = (path: string, text: string): ModuleFacts => {
  const parsed = parseSync(path, text)
  const [error] = parsed.errors
  if (error !== undefined) throw new Error(`${path} does not parse: ${error.message}`)

  const imports: Array<Import> = []
  const programImports: Array<Import> = []
  const fileUses: Array<FileUse> = []
  const ambient: Array<AmbientUse> = []
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length
  const imported = (specifier: string | undefined, { start }: { readonly start: number }): void => {
    imports.push({ specifier, line: lineOf(start) })
  }
  const used = (name: string, { start }: { readonly start: number }): void => {
    ambient.push({ name, line: lineOf(start) })
  }
  const program = (text: string, { start }: { readonly start: number }): void => {
    for (const specifier of importedByProgram(text)) {
      programImports.push({ specifier, line: lineOf(start) })
    }
  }

  new Visitor({
    Literal: (node) => {
      if (typeof node.value === "string") program(node.value, node)
    },
    TemplateLiteral: (node) => {
      program(node.quasis.map(({ value }) => value.cooked ?? "").join(PLACEHOLDER), node)
    },
    ImportDeclaration: (node) => imported(node.source.value, node),
    ExportAllDeclaration: (node) => imported(node.source.value, node),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) imported(node.source.value, node)
    },
    ImportExpression: (node) => imported(literalOf(node.source), node),
    TSImportType: (node) => imported(node.source.value, node),
    TSExternalModuleReference: (node) => imported(node.expression.value, node),
    CallExpression: (node) => {
      if (node.callee.type !== "Identifier") return
      if (node.callee.name === "require") imported(literalOf(node.arguments[0]), node)
      if (ambientCalls.has(node.callee.name)) used(`${node.callee.name}()`, node)
    },
    NewExpression: (node) => {
      if (node.callee.type !== "Identifier") return
      const [first, base] = node.arguments
      if (node.callee.name === "Date" && first === undefined) used("new Date()", node)
      const place = literalOf(first)
      if (node.callee.name === "URL" && place !== undefined && base !== undefined) {
        fileUses.push({ place, line: lineOf(node.start) })
      }
    },
    MemberExpression: (node) => {
      if (node.object.type !== "Identifier") return
      const object = node.object.name
      const member = node.computed
        ? literalOf(node.property)
        : node.property.type === "Identifier"
          ? node.property.name
          : undefined
      if (ambientObjects.has(object) || ambientMembers[object]?.has(member ?? "") === true) {
        used(`${object}.${member ?? "…"}`, node)
      }
    }
  }).visit(parsed.program)
  return { imports, programImports, fileUses, ambient }
}
