import { Validator } from "@seriousme/openapi-schema-validator"
import { assert, describe, it } from "vitest"
import { openApiOf, routes } from "../src/index.ts"
import { problemPages } from "../src/problems/statusOf.ts"

/** As JSON.parse gives it. */
type Parsed = ReturnType<typeof JSON.parse>

describe("the OpenAPI document", () => {
  it("is accepted by a validator that knows nothing of us", async () => {
    const validator = new Validator()
    // The validator takes any JSON; its type names plain objects.
    const result = await validator.validate(JSON.parse(JSON.stringify(openApiOf(routes, ""))))
    assert.deepStrictEqual(result.errors ?? [], [])
    assert.isTrue(result.valid)
    assert.strictEqual(validator.version, "3.1")
  })

  it("refers to nothing that is not there, and uses every component", () => {
    const text = JSON.stringify(openApiOf(routes, "/prefix"))
    const document = JSON.parse(text)
    const referred = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
    )
    assert.deepStrictEqual(
      [...referred].toSorted((a = "", b = "") => (a < b ? -1 : 1)),
      Object.keys(document.components.schemas).toSorted()
    )
    assert.deepStrictEqual(document.servers, [{ url: "/prefix" }])
  })

  it("describes every problem of every route under a code that has a page", () => {
    const document = JSON.parse(JSON.stringify(openApiOf(routes, "")))
    const codes = new Set<string>()
    for (const operation of Object.values<Parsed>(document.paths).flatMap((path) =>
      Object.values<Parsed>(path)
    ))
      for (const [status, { description }] of Object.entries<Parsed>(operation.responses))
        if (Number(status) >= 400)
          for (const code of description.split(", ")) {
            codes.add(code)
            assert.include(problemPages.get(code)?.statuses ?? [], Number(status), code)
          }
    assert.isAbove(codes.size, 20)
  })
})
