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

export interface ModuleFacts {
  readonly imports: ReadonlyArray<Import>
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
  const ambient: Array<AmbientUse> = []
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length
  const imported = (specifier: string | undefined, { start }: { readonly start: number }): void => {
    imports.push({ specifier, line: lineOf(start) })
  }
  const used = (name: string, { start }: { readonly start: number }): void => {
    ambient.push({ name, line: lineOf(start) })
  }

  new Visitor({
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
      const isNow = node.arguments.length === 0
      if (isNow && node.callee.type === "Identifier" && node.callee.name === "Date") {
        used("new Date()", node)
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
  return { imports, ambient }
}
