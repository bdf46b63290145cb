import { expect, it } from "vitest"
import type { Simulator, UnknownFacts } from "../src/index.ts"
import {
  CHANNELS,
  hear,
  listenTo,
  refusal,
  subscriptions,
  topic,
  topics
} from "./support/channel.ts"
import { connect, named } from "./support/connect.ts"
import type { Answer, Client } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const MISSING = topic("00000000-0000-4000-8000-000000000000")

const create = async (call: Client): Promise<string> => (await call("POST", CHANNELS)).body.id

const ids = ({ body }: Answer): ReadonlyArray<string> =>
  body.entities.map((entity: { readonly id: string }) => entity.id)

it(
  "creates channels, and lists those of the token",
  withSimulator({}, async (simulator) => {
    const [call, other] = [await connect(simulator), await connect(simulator)]
    const made = await call("POST", CHANNELS)
    await create(other)
    expect(made.status).toBe(200)
    expect(Object.keys(made.body)).toEqual(["connectUri", "id", "expires"])
    const { time } = await simulator.control.state()
    expect(Date.parse(made.body.expires) - Date.parse(time)).toBe(86_400_000)
    expect((await call("GET", CHANNELS)).body.entities).toEqual([made.body])
    const all = await call("GET", `${CHANNELS}?includechannels=oauthclient`)
    // The other token's is there, and its id is not.
    expect(all.body.entities.map(Object.keys)).toEqual([
      ["connectUri", "id", "expires"],
      ["expires"]
    ])
    const odd = await call("GET", `${CHANNELS}?includechannels=mine`)
    expect(odd.body.code).toBe("invalid.query.param.value")
  })
)

it(
  "replaces, adds, lists and removes subscriptions",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = subscriptions(await create(call))
    const [spring, winback] = [named(simulator, "Spring"), named(simulator, "Winback")]
    const put = await call("PUT", path, { body: topics(topic(spring), topic(spring)) })
    expect([put.status, put.body.entities]).toEqual([
      200,
      [{ id: topic(spring), state: "Permitted", selfUri: expect.any(String) }]
    ])
    const post = await call("POST", path, { body: topics(topic(winback, ".progress")) })
    expect(ids(post)).toEqual([topic(spring), topic(winback, ".progress")])
    await call("PUT", path, { body: topics(topic(winback)) })
    expect(ids(await call("GET", path))).toEqual([topic(winback)])
    expect((await call("DELETE", path)).status).toBe(204)
    expect(ids(await call("GET", path))).toEqual([])
  })
)

const forbid = async (simulator: Simulator): Promise<void> => {
  await simulator.control.permissions({ revoke: ["outbound:campaign:view"] })
}

const elsewhere = async (simulator: Simulator): Promise<void> => {
  const { divisions } = await simulator.control.state()
  const north = divisions.find(({ name }) => name === "North")?.id ?? ""
  await simulator.control.permissions({ divisions: [north] })
}

interface Refused {
  readonly code: string
  readonly status: number
  readonly asked: (id: string) => unknown
  readonly before?: (simulator: Simulator) => Promise<void>
  readonly facts?: Partial<UnknownFacts>
  /** What becomes of the topics under `ignoreErrors`. */
  readonly ignored: ReadonlyArray<string> | "refused"
}

const REFUSED: ReadonlyArray<Refused> = [
  {
    code: "notification.invalid.topic",
    status: 400,
    asked: () => topics("v2.outbound.weather"),
    ignored: "refused"
  },
  {
    code: "notification.invalid.topic",
    status: 400,
    asked: () => topics("v2.outbound.campaigns.{id}", "v2.outbound.campaigns.{id}"),
    facts: { ignoreErrorsInvalidTopic: "listed" },
    ignored: ["Rejected"]
  },
  {
    code: "notification.invalid.topic",
    status: 400,
    asked: () => topics(MISSING),
    facts: { missingCampaignTopic: "refused", ignoreErrorsInvalidTopic: "listed" },
    ignored: ["Rejected"]
  },
  {
    code: "notification.unauthorized.topic",
    status: 403,
    asked: (id) => topics(topic(id), MISSING),
    before: forbid,
    ignored: ["Rejected", "Rejected"]
  },
  {
    code: "notification.unauthorized.divisioned.topic",
    status: 403,
    asked: (id) => topics(MISSING, topic(id)),
    before: elsewhere,
    ignored: ["Permitted", "Rejected"]
  },
  {
    code: "notification.subscription.too.many.subscriptions",
    status: 400,
    asked: () => topics(...Array.from({ length: 1001 }, (_, index) => topic(`c${index}`))),
    ignored: "refused"
  },
  { code: "bad.request", status: 400, asked: () => [{ name: "x" }], ignored: "refused" },
  { code: "bad.request", status: 400, asked: () => ({ id: "x" }), ignored: "refused" }
]

it.each(REFUSED)("refuses with $code, $status, all of a request or none", (trial) =>
  withSimulator({ unknownFacts: trial.facts ?? {} }, async (simulator) => {
    const { code, status, ignored } = trial
    const call = await connect(simulator)
    const path = subscriptions(await create(call))
    const [spring, winback] = [named(simulator, "Spring"), named(simulator, "Winback")]
    await call("PUT", path, { body: topics(topic(winback)) })
    await trial.before?.(simulator)
    const body = trial.asked(spring)
    for (const method of ["PUT", "POST"]) {
      const answer = await call(method, path, { body })
      expect([answer.status, answer.body.code]).toEqual([status, code])
      expect(ids(await call("GET", path))).toEqual([topic(winback)])
    }
    const lenient = await call("PUT", `${path}?ignoreErrors=true`, { body })
    const states = lenient.body.entities?.map((entity: { readonly state: string }) => entity.state)
    expect(states ?? "refused").toEqual(ignored)
    const reasons = (lenient.body.entities ?? []).flatMap(
      (entity: { readonly rejectionReason?: string }) => entity.rejectionReason ?? []
    )
    expect(new Set(reasons)).toEqual(new Set(ignored === "refused" ? [] : [code]))
  })()
)

it(
  "holds a thousand topics, and not one more",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = subscriptions(await create(call))
    const body = topics(...Array.from({ length: 1000 }, (_, index) => topic(`c${index}`)))
    expect((await call("PUT", path, { body })).status).toBe(200)
    // Those that it has already are none more.
    expect((await call("POST", path, { body })).status).toBe(200)
    expect((await call("POST", path, { body: topics(topic("one-more")) })).body.code).toBe(
      "notification.subscription.too.many.subscriptions"
    )
    expect((await simulator.control.channels())[0]?.topics).toHaveLength(1000)
  })
)

it(
  "gives the 21st channel the place of the one least recently used, those without a socket first",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const first = await listenTo(call)
    const made = [first.channelId]
    while (made.length < 20) made.push(await create(call))
    // The second is used, so the third is the oldest without a socket.
    await call("GET", subscriptions(made[1] ?? ""))
    made.push(await create(call))
    const left = made.filter((_, index) => index !== 2)
    const there = async (): Promise<ReadonlyArray<string>> =>
      (await simulator.control.channels()).map(({ id }) => id)
    expect(await there()).toEqual(left)
    expect((await call("GET", subscriptions(made[2] ?? ""))).body.code).toBe("not.found")
    // With a socket open on every one, the oldest goes, and its socket with it.
    const uris = (await call("GET", CHANNELS)).body.entities.slice(1)
    for (const { connectUri } of uris) await hear(connectUri)
    const newest = await create(call)
    expect(await there()).toEqual([...left.slice(1), newest])
    expect(await first.closed).toEqual({
      code: 1001,
      reason: "Another channel took this one's place."
    })
  })
)

it.each([
  ["PUT", false, 100_000],
  ["POST", false, 0],
  ["POST", true, 100_000]
])("%s of subscriptions, when POST extends is %s, prolongs by %i", (method, extends_, longer) =>
  withSimulator({ unknownFacts: { postExtendsChannel: extends_ } }, async (simulator) => {
    const call = await connect(simulator)
    const made = await call("POST", CHANNELS)
    await simulator.control.advance(100)
    await call(method, subscriptions(made.body.id), { body: [] })
    const [channel] = await simulator.control.channels()
    expect(Date.parse(channel?.expiresAt ?? "") - Date.parse(made.body.expires)).toBe(longer)
  })()
)

it.each<[UnknownFacts["missingChannel"], number, string]>([
  ["notFound", 404, "not.found"],
  ["badRequest", 400, "notification.unable.to.get.channel.id"]
])("answers for a channel that is not there, when that is %s, %i %s", (fact, status, code) =>
  withSimulator({ unknownFacts: { missingChannel: fact } }, async (simulator) => {
    const call = await connect(simulator)
    for (const method of ["GET", "PUT", "POST", "DELETE"]) {
      const body = method === "GET" ? {} : { body: [] }
      const answer = await call(method, subscriptions("nope"), body)
      expect([answer.status, answer.body.code]).toEqual([status, code])
    }
  })()
)

it(
  "says what it can tell of",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = "/notifications/availabletopics"
    const names = ["", ".progress", ".stats"].map((suffix) => topic("{id}", suffix))
    expect((await call("GET", path)).body.entities).toEqual(topics(...names))
    const { body } = await call(
      "GET",
      `${path}?expand=schema,transports&expand=requiresPermissions`
    )
    expect(body.entities[0]).toMatchObject({
      id: names[0],
      schema: { id: "DialerCampaignConfigChangeCampaign" },
      transports: ["Websocket"],
      requiresPermissions: ["outbound:campaign:view"],
      requiresDivisionPermissions: true
    })
    const odd = await call("GET", `${path}?expand=toString`)
    expect(odd.body.code).toBe("invalid.query.param.value")
  })
)

it(
  "counts for the rate limit and the log like every other request, and opening a socket does not",
  withSimulator({ ratePerMinute: 3 }, async (simulator) => {
    const call = await connect(simulator)
    const { channelId, connectUri } = await listenTo(call)
    await hear(connectUri)
    expect((await call("GET", subscriptions(channelId))).headers.get("inin-ratelimit-count")).toBe(
      "3"
    )
    expect((await call("POST", CHANNELS)).status).toBe(429)
    const routes = (await simulator.control.requests()).map(({ route }) => route)
    expect(routes).toEqual([
      "POST /oauth/token",
      "POST /api/v2/notifications/channels",
      "PUT /api/v2/notifications/channels/:channelId/subscriptions",
      "GET /api/v2/notifications/channels/:channelId/subscriptions",
      "POST /api/v2/notifications/channels"
    ])
  })
)

it(
  "is not for tokens of the ETag contract, whose scopes lack it",
  withSimulator({}, async (simulator) => {
    const answer = await (await connect(simulator, "etag"))("POST", CHANNELS)
    expect([answer.status, answer.body.code]).toEqual([403, "app.not.authorized.for.scope"])
  })
)

it(
  "fails to create a channel as any request fails",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const route = "POST /api/v2/notifications/channels"
    await simulator.control.fault({ kind: "status", code: "service.unavailable", route })
    expect((await call("POST", CHANNELS)).status).toBe(503)
    expect(await simulator.control.channels()).toEqual([])
    await simulator.control.fault({ kind: "resetAfter", route })
    await expect(call("POST", CHANNELS)).rejects.toThrow(TypeError)
    expect(await simulator.control.channels()).toHaveLength(1)
  })
)

it(
  "opens the socket of a channel that is not there only to say so, when that is set",
  withSimulator({ unknownFacts: { missingChannelSocket: "closed" } }, async (simulator) => {
    const url = `${simulator.apiUrl.replace("http", "ws")}/channels/`
    const { closed, frames } = await hear(`${url}nope`)
    expect((await closed).code).toBe(1001)
    expect(frames).toEqual([{ result: "404", status: "failure" }])
    expect(await refusal(url)).toBe(404)
  })
)
