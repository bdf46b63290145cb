import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import fc from "fast-check"
import { inject } from "vitest"
import { allowNone, type AllowList, parseAllowList } from "../src/address/AllowList.ts"
import { notPublic } from "../src/address/publicAddress.ts"
import { shownReceiver } from "../src/address/Receiver.ts"
import { checkReceiver } from "../src/kept/readDraft.ts"
import { Resolver } from "../src/index.ts"
import { forgeries } from "./support/forgeries.ts"

const PUBLIC = ["93.184.215.14", "2606:4700::6810:84e5"]

const leadingTo = (addresses: ReadonlyArray<string> = PUBLIC) =>
  Layer.succeed(Resolver, {
    addresses: (host) =>
      addresses.length > 0 ? Effect.succeed(addresses) : Effect.fail(`${host} leads nowhere.`)
  })

const judge = (url: string, allow: AllowList, leadsTo?: ReadonlyArray<string>) =>
  Effect.result(checkReceiver(url, allow, true)).pipe(Effect.provide(leadingTo(leadsTo)))

const listed = (text: string): AllowList => Result.getOrThrow(parseAllowList(text))

describe("what may be reached", () => {
  it("tries at least forty tricks, each once", () => {
    expect(new Set(forgeries.map(({ trick }) => trick)).size).toBe(forgeries.length)
    expect(forgeries.length).toBeGreaterThanOrEqual(40)
  })

  it.effect.each(forgeries)("refuses $trick, with a reason", ({ leadsTo, url }) =>
    Effect.gen(function* () {
      const judged = yield* judge(url, allowNone, leadsTo)
      const failure = Result.isFailure(judged) ? judged.failure : undefined
      expect(failure?._tag).toBe("ReceiverRefused")
      expect(failure?.why).toMatch(/^\S.*\.$/)
      expect(failure?.message).not.toContain("secret")
    })
  )

  it.effect.each(forgeries.filter(({ allow }) => allow !== null))(
    "lets $trick through where the allow list names it, and there alone",
    ({ allow, leadsTo, url }) =>
      Effect.gen(function* () {
        const named = yield* judge(url, listed(allow ?? ""), leadsTo)
        expect(named._tag).toBe("Success")
        const other = yield* judge(url, listed("other.example.net, 203.0.113.7"), leadsTo)
        expect(other._tag).toBe("Failure")
      })
  )

  it.effect.each(forgeries.filter(({ allow }) => allow === null))(
    "refuses $trick whatever the allow list says",
    ({ leadsTo, url }) =>
      Effect.gen(function* () {
        const all = listed("0.0.0.0/0, ::/0, a.example.com, *.com, localhost")
        const judged = yield* judge(url, all, leadsTo)
        expect(judged._tag).toBe("Failure")
      })
  )

  it.effect.each([
    "https://a.example.com/",
    "https://a.example.com:8443/hook?token=1",
    "https://93.184.215.14/",
    "https://[2606:4700::6810:84e5]/",
    "https://bücher.example/"
  ])("reaches %s", (url) =>
    Effect.gen(function* () {
      expect((yield* judge(url, allowNone))._tag).toBe("Success")
    })
  )

  it.effect("asks the machine's own list for names that it trusts alone", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const resolver = Layer.succeed(Resolver, {
        addresses: (host, by) =>
          Effect.sync(() => {
            asked.push(`${host} by ${by}`)
            return PUBLIC
          })
      })
      for (const host of ["a.example.com", "wfm.corp.example"])
        yield* checkReceiver(`https://${host}/`, listed("wfm.corp.example"), true).pipe(
          Effect.provide(resolver)
        )
      expect(asked).toEqual(["a.example.com by dns", "wfm.corp.example by system"])
    })
  )

  it("knows every private address of IPv4 however it is written", () => {
    const byte = fc.integer({ min: 0, max: 255 })
    const address = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127, 224, 240), byte, byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte)
    )
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 4 }), ([a, b, c, d], form) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d
        const forms = [
          `${a}.${b}.${c}.${d}`,
          String(number),
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          `${a}.${b}.${c * 256 + d}`
        ]
        const host = URL.parse(`https://${forms[form]}/`)?.hostname
        expect(host).toBe(`${a}.${b}.${c}.${d}`)
        expect(notPublic(host ?? "")).toBeDefined()
        // And within IPv6, in every way in which it is put there.
        const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
        for (const wide of [`::ffff:${hex}`, `::${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`])
          expect(notPublic(wide)).toBeDefined()
      }),
      { numRuns: 2_000 * inject("scale") }
    )
  })

  it("shows an address without what may be secret in it", () => {
    expect(shownReceiver("https://user:pass@a.example.com/hook?token=1#x")).toBe(
      "https://a.example.com/…"
    )
    expect(shownReceiver("nonsense")).toBe("an unreadable address")
  })
})

describe("the allow list", () => {
  it("reads names, domains, addresses and networks", () => {
    const list = listed(" WFM.corp.example , *.hooks.example, 10.1.0.0/16, ::1, 192.0.2.7")
    expect([...list.hosts]).toEqual(["wfm.corp.example"])
    expect(list.domains).toEqual([".hooks.example"])
    expect(list.networks.map(([address, bits]) => `${address.toString()}/${bits}`)).toEqual([
      "10.1.0.0/16",
      "::1/128",
      "192.0.2.7/32"
    ])
    expect(listed("")).toEqual(allowNone)
  })

  it.effect("means the names below a domain, and none that only ends like it", () =>
    Effect.gen(function* () {
      const list = listed("*.hooks.example")
      const inside = ["10.0.0.1"]
      for (const [host, tag] of [
        ["a.hooks.example", "Success"],
        ["A.B.HOOKS.example.", "Success"],
        ["hooks.example", "Failure"],
        ["nothooks.example", "Failure"],
        ["a.hooks.example.com", "Failure"]
      ] as const)
        expect((yield* judge(`https://${host}/`, list, inside))._tag).toBe(tag)
    })
  )

  it.each([
    "https://a.example/",
    "a.example:8080",
    "10.1",
    "10.1/16",
    "10/8",
    "010.0.0.0/8",
    "10.0.0.0/33",
    "a*b.example",
    "*",
    "a b"
  ])("refuses %s", (word) => {
    const read = parseAllowList(`good.example,${word}`)
    expect(Result.isFailure(read) ? read.failure.map(({ found }) => found) : []).toEqual([word])
  })
})
