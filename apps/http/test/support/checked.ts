import assert from "node:assert/strict"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { leaksAtRest, leaksIn } from "./canaries.ts"

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** As JSON.parse gives it: tests look into it freely. Undefined where it is no JSON. */
  readonly body: ReturnType<typeof JSON.parse>
}

export interface Call {
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string
}

export type Client = (method: string, path: string, call?: Call) => Promise<Reply>
export type Send = (path: string, init: RequestInit) => Response | Promise<Response>

const JSON_TYPE = /^application\/(?:problem\+)?json/

/** Where the answer has the secret of a webhook, so that its receiver can be told. */
const MAKES_A_SECRET = /^\/v1\/webhooks(?:\/[^/]+\/secret)?$/

/** The OpenAPI document as JSON.parse gives it. */
type Document = ReturnType<typeof JSON.parse>

/** Checks replies against the document: the status is described, and the body is what its schema says. */
export class Description {
  readonly document: Document
  readonly #ajv: Ajv2020
  readonly #validators = new Map<string, ValidateFunction>()
  /** `GET /v1/campaigns 200` and so on: what was seen. */
  readonly seen = new Set<string>()

  constructor(document: Document) {
    this.document = document
    this.#ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats.default(this.#ajv)
    this.#ajv.addSchema({ $id: "openapi:", components: document.components })
  }

  #templateOf(path: string): string | undefined {
    const templates: ReadonlyArray<string> = Object.keys(this.document.paths)
    return (
      templates.find((template) => template === path) ??
      templates.find((template) =>
        new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path)
      )
    )
  }

  check(method: string, path: string, reply: Reply): void {
    const template = this.#templateOf(path)
    const operation = template && this.document.paths[template][method.toLowerCase()]
    // What is not there is answered by a problem that no operation describes.
    if (operation === undefined) {
      assert.ok([404, 405].includes(reply.status), `${method} ${path} is not described`)
      return
    }
    const line = `${method} ${template} ${reply.status}`
    const described = operation.responses[String(reply.status)]
    assert.ok(described, `${line} is not described: ${reply.text}`)
    const type = reply.headers.get("content-type")?.split(";")[0] ?? ""
    const schema = described.content[type]?.schema
    assert.ok(schema, `${line} is not described as ${type}`)
    if (JSON_TYPE.test(type)) {
      const validate =
        this.#validators.get(line) ??
        this.#ajv.compile(
          JSON.parse(JSON.stringify(schema).replaceAll("#/components/", "openapi:#/components/"))
        )
      this.#validators.set(line, validate)
      assert.ok(
        validate(reply.body),
        `${line}: ${JSON.stringify(validate.errors)} in ${reply.text}`
      )
    }
    if (reply.status >= 400) assert.equal(type, "application/problem+json", line)
    if (reply.status >= 400)
      assert.ok(described.description.includes(reply.body.code), `${line}: ${reply.body.code}`)
    this.seen.add(line)
  }
}

/** A client that checks every reply against the service's own description, and for secrets. */
export const client = (send: Send, description: Description, key?: string): Client => {
  return async (method, path, call = {}) => {
    const credential = call.key ?? key
    const response = await send(path, {
      method,
      headers: {
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        ...call.headers
      },
      ...(call.raw === undefined ? {} : { body: call.raw }),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) })
    })
    const text = await response.text()
    const leaks = method === "POST" && MAKES_A_SECRET.test(path) ? leaksAtRest : leaksIn
    assert.deepEqual(leaks(text), [], `a secret in the answer to ${method} ${path}`)
    const isJson = JSON_TYPE.test(response.headers.get("content-type") ?? "")
    const reply: Reply = {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined
    }
    description.check(method, path.split("?")[0] ?? "", reply)
    return reply
  }
}

/** A checking client of a service that listens. */
export const clientOf = async (
  url: string,
  key?: string
): Promise<Client & { description: Description }> => {
  const document = await (await fetch(`${url}/openapi.json`)).json()
  const description = new Description(document)
  return Object.assign(
    client((path, init) => fetch(`${url}${path}`, init), description, key),
    { description }
  )
}
