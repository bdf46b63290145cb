import { assert, describe, it } from "@effect/vitest"
import { complaintOf } from "../src/sdk/complaint.ts"

const ENV = {
  OTEL_EXPORTER_OTLP_ENDPOINT: "https://ada:canary@collector.example:nowhere",
  OTEL_EXPORTER_OTLP_HEADERS: "api-key=canary%20key,broken=%canary,x=y",
  OTEL_SERVICE_NAME: "dialler"
}

describe("what OpenTelemetry says", () => {
  it.each([
    [
      "names the variable in the place of its value",
      `Could not parse environment-provided export URL: '${ENV.OTEL_EXPORTER_OTLP_ENDPOINT}'`,
      "Could not parse environment-provided export URL: '$OTEL_EXPORTER_OTLP_ENDPOINT'"
    ],
    [
      "has no header, as it stands or as it is sent",
      "sent canary%20key, canary key and %canary for dialler, yes",
      "sent $OTEL_EXPORTER_OTLP_HEADERS, $OTEL_EXPORTER_OTLP_HEADERS and $OTEL_EXPORTER_OTLP_HEADERS for dialler, yes"
    ],
    [
      "of an error that it has written as JSON is its name, code and message",
      JSON.stringify({
        stack: "Error\n    at here (file.js:1:1)",
        name: "OTLPExporterError",
        code: "401",
        message: "Unauthorized",
        data: "canary"
      }),
      "OTLPExporterError 401 Unauthorized"
    ],
    [
      "of an error is the first line of its message",
      Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9\nmore"), { code: "ECONNREFUSED" }),
      "ECONNREFUSED connect ECONNREFUSED 127.0.0.1:9"
    ],
    ["is told as it is where it only begins like JSON", "{ is no JSON", "{ is no JSON"],
    ["is told as it is where it is no error", "null", "null"]
  ] as const)("%s", (_, said, told) => {
    assert.strictEqual(complaintOf(said, ENV), told)
  })
})
