import { createSocket } from "node:dgram"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { resolverOver } from "../src/address/Resolver.ts"

/** Of a DNS message. Source: RFC 1035, section 4; RFC 3596 for AAAA. */
const HEADER_BYTES = 12
const TYPES = { A: 1, AAAA: 28 } as const
const ANSWERED = 0x8180
const NO_SUCH_NAME = 0x8183
const TTL_SECONDS = 0

const RECORDS: Readonly<Record<string, Readonly<Record<number, ReadonlyArray<Buffer>>>>> = {
  "both.example.com": {
    [TYPES.A]: [Buffer.from([93, 184, 215, 14]), Buffer.from([10, 0, 0, 1])],
    [TYPES.AAAA]: [Buffer.from("26064700000000000000000000000001", "hex")]
  },
  "old.example.com": { [TYPES.A]: [Buffer.from([93, 184, 215, 14])] }
}

const answerTo = (question: Buffer): Buffer => {
  const labels: Array<string> = []
  let at = HEADER_BYTES
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.subarray(at + 1, at + 1 + length).toString())
    at += 1 + length
  }
  const type = question.readUInt16BE(at + 1)
  const asked = question.subarray(HEADER_BYTES, at + 5)
  const known = RECORDS[labels.join(".").toLowerCase()]
  const records = known?.[type] ?? []
  const header = Buffer.alloc(HEADER_BYTES)
  question.copy(header, 0, 0, 2)
  header.writeUInt16BE(known === undefined ? NO_SUCH_NAME : ANSWERED, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  const answers = records.map((data) => {
    const record = Buffer.alloc(12)
    // The name is that of the question, which begins after the header.
    record.writeUInt16BE(0xc000 + HEADER_BYTES, 0)
    record.writeUInt16BE(type, 2)
    record.writeUInt16BE(1, 4)
    record.writeUInt32BE(TTL_SECONDS, 6)
    record.writeUInt16BE(data.byteLength, 10)
    return Buffer.concat([record, data])
  })
  return Buffer.concat([header, asked, ...answers])
}

/** A name server of the test's own. */
const nameServer = Effect.acquireRelease(
  Effect.callback<{ readonly at: string; readonly close: () => void }>((resume) => {
    const socket = createSocket("udp4")
    socket.on("message", (question, { address, port }) =>
      socket.send(answerTo(question), port, address)
    )
    socket.bind(0, "127.0.0.1", () =>
      resume(
        Effect.succeed({
          at: `127.0.0.1:${socket.address().port}`,
          close: () => void socket.close()
        })
      )
    )
  }),
  ({ close }) => Effect.sync(close)
)

describe("the resolver", () => {
  it.live("gives every address of a name, of both families", () =>
    Effect.gen(function* () {
      const { addresses } = resolverOver([(yield* nameServer).at])
      expect(yield* addresses("both.example.com", "dns")).toEqual([
        "93.184.215.14",
        "10.0.0.1",
        "2606:4700::1"
      ])
      expect(yield* addresses("old.example.com", "dns")).toEqual(["93.184.215.14"])
    })
  )

  it.live("says that a name leads nowhere", () =>
    Effect.gen(function* () {
      const { addresses } = resolverOver([(yield* nameServer).at])
      expect(yield* Effect.flip(addresses("none.example.com", "dns"))).toBe(
        "none.example.com cannot be resolved to an address."
      )
    })
  )

  it.live("finds the names of the machine's own list only where it is asked to", () =>
    Effect.gen(function* () {
      const { addresses } = resolverOver([(yield* nameServer).at])
      const found = yield* addresses("localhost", "system")
      expect(found.some((address) => address === "127.0.0.1" || address === "::1")).toBe(true)
    })
  )

  it.effect("asks the machine about a name once at a time, and anew after its answer", () =>
    Effect.gen(function* () {
      const asked: Array<{ readonly host: string; readonly answer: (address: string) => void }> = []
      const { addresses } = resolverOver(
        [],
        (host) =>
          new Promise((resolve) =>
            asked.push({ host, answer: (address) => resolve([{ address }]) })
          )
      )
      const ask = (host: string) =>
        Effect.forkChild(addresses(host, "system"), { startImmediately: true })
      const givenUp = yield* ask("slow.corp.example")
      const [one, other] = [yield* ask("slow.corp.example"), yield* ask("other.corp.example")]
      yield* Fiber.interrupt(givenUp)
      const late = yield* ask("slow.corp.example")
      expect(asked.map(({ host }) => host)).toEqual(["slow.corp.example", "other.corp.example"])
      asked[1]?.answer("10.0.0.2")
      expect(yield* Fiber.join(other)).toEqual(["10.0.0.2"])
      asked[0]?.answer("10.0.0.1")
      expect(yield* Fiber.join(one)).toEqual(["10.0.0.1"])
      expect(yield* Fiber.join(late)).toEqual(["10.0.0.1"])
      const anew = yield* ask("slow.corp.example")
      expect(asked).toHaveLength(3)
      asked[2]?.answer("10.0.0.3")
      expect(yield* Fiber.join(anew)).toEqual(["10.0.0.3"])
    })
  )
})
