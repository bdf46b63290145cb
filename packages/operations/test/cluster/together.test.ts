import { setTimeout as delay } from "node:timers/promises"
import {
  type CampaignId,
  defaultSupervisionPolicy,
  type NamedRequest,
  type SupervisionPolicy
} from "@campaignctl/core"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { v7 } from "uuid"
import { assert, it } from "vitest"
import { OperationId, type Submission } from "../../src/index.ts"
import { entriesAt } from "../support/history.ts"
import { type MemberCommand, startMember, type StartedMember } from "../support/members.ts"
import { freePorts } from "../support/ports.ts"
import { randomFrom, testSeed } from "../support/random.ts"
import { checkOneWriter, checkSameHistory } from "../support/sameHistory.ts"
import { addCampaign, startSimulator } from "../support/simulator.ts"
import { untilWithin } from "../support/until.ts"

const MEMBERS = 3
const CAMPAIGNS = 30
const QUEUES = 3
/** So many that no list is called through. */
const CONTACTS = 10_000_000
/** What happens, one after the other, and milliseconds between two at most. */
const EVENTS = 160
const LONGEST_PAUSE_MS = 150
/** Milliseconds to wait for what the guard does, which looks every second. */
const GUARD_PATIENCE_MS = 15_000
/** Every so many seconds each of them fires, by turns. */
const SCHEDULES = [
  ["Closing", "*/4 * * * * *", { target: "paused", pauseReason: "OTHER" }],
  ["Opening", "2-58/4 * * * * *", { target: "active" }]
] as const
/** Milliseconds that a write takes, so that a second one would be seen beside it. */
const WRITE_MS = 50
/** So fast does the simulator's clock run: its log tells times by tenths of its seconds. */
const SPEED = 20
/** Enough agents for a start, and too few. */
const AGENTS = [5, 0] as const

const guarded: SupervisionPolicy = {
  ...defaultSupervisionPolicy,
  care: { namePattern: "Shared *" },
  intervalMs: 1_000,
  pauseDwellMs: 100,
  resumeDwellMs: 100,
  flapLimit: 1_000
}

it("two operators, a fleet, a schedule and the guard leave one history of each campaign", async () => {
  const seed = testSeed()
  console.log(`together: seed ${seed}`)
  const random = randomFrom(seed)
  const oneOf = <A>(all: ReadonlyArray<A>): A => {
    const one = all[Math.floor(random() * all.length)]
    if (one === undefined) throw new Error("nothing to choose from")
    return one
  }
  // The end of a drain, which nobody of us asks for at that moment, takes no lock away.
  const drains = ["--call-seconds", "5-20", "--switch", "drainEndBumpsVersion=false"]
  const options = ["--speed", String(SPEED), ...drains]
  await using simulator = await startSimulator(...options)
  const { control, ready } = simulator
  const queues = (await control.queues()).slice(0, QUEUES).map(({ id }) => id)
  assert.lengthOf(queues, QUEUES)
  for (const queue of queues) await control.agents(queue, AGENTS[0])
  const campaigns: Array<CampaignId> = []
  for (let index = 0; index < CAMPAIGNS; index++)
    campaigns.push(
      await addCampaign(control, {
        name: `Shared ${index}`,
        status: index % 2 === 0 ? "on" : "off",
        queueId: queues[index % QUEUES] ?? "",
        contacts: CONTACTS
      })
    )
  await control.fault({
    kind: "latency",
    method: "PUT",
    milliseconds: WRITE_MS,
    count: "always"
  })
  await control.clearLogs()

  const url = await freshDatabase()
  const ports = await freePorts(MEMBERS)
  const start = (place: number): StartedMember =>
    startMember({
      url,
      port: ports[place] ?? 0,
      simulator: ready,
      guard: guarded
    })
  // One after the other: the first makes the tables.
  const members: Array<StartedMember> = []
  for (let place = 0; place < MEMBERS; place++) {
    const member = start(place)
    members.push(member)
    await member.says("Ready")
  }
  try {
    const told = new Map<
      string,
      { readonly member: StartedMember; readonly command: MemberCommand }
    >()
    const tell = (id: string, command: MemberCommand) => {
      const member = oneOf(members)
      told.set(id, { member, command })
      member.tell(command)
    }
    const goal = (): Pick<NamedRequest, "target" | "pauseReason"> =>
      random() < 0.5 ? { target: "active" } : { target: "paused", pauseReason: "CUSTOMER_REQUEST" }
    const changeOf = (requestedBy: string): NamedRequest => ({
      ...goal(),
      campaignId: oneOf(campaigns),
      requestId: v7(),
      requestedBy,
      source: "library"
    })
    const operates = (requestedBy: string) => async (): Promise<void> => {
      const request = changeOf(requestedBy)
      tell(request.requestId, { _tag: "Change", request })
    }
    const fleet = async (): Promise<void> => {
      const id = OperationId.make(v7())
      const submission: Submission = {
        id,
        spec: {
          _tag: "Fleet",
          selector: { namePattern: "Shared *" },
          change: goal(),
          order: "listed",
          concurrency: 8,
          maxFailures: null
        },
        requestedBy: "ada",
        source: "library"
      }
      tell(id, { _tag: "Submit", submission })
    }
    const agents = async (): Promise<void> => {
      await control.agents(oneOf(queues), oneOf(AGENTS))
    }
    const ada = operates("ada")
    const bob = operates("bob")
    const actors = [ada, ada, ada, ada, bob, bob, bob, bob, agents, agents, fleet, fleet]
    const opening = [fleet, ada, bob, agents]

    for (const [name, cron, change] of SCHEDULES) {
      const when = { cron, zone: "UTC" }
      const draft = { name, when, change, selector: { namePattern: "Shared *" } }
      members[0]?.tell({ _tag: "Schedule", draft, requestedBy: "eve" })
      await members[0]?.says("Scheduled", (said) => said.name === name)
    }
    const killAt = Math.floor(EVENTS * (0.3 + 0.4 * random()))
    for (let event = 0; event < EVENTS; event++) {
      if (event === killAt) {
        const place = Math.floor(random() * MEMBERS)
        await members[place]?.kill()
        members[place] = start(place)
      }
      await (opening[event] ?? oneOf(actors))()
      await delay(random() * LONGEST_PAUSE_MS)
    }
    // Whatever was told to the one that was killed is asked for again, under the name that it had.
    for (const [id, { command, member }] of told) if (!members.includes(member)) tell(id, command)
    const ended: Record<string, number> = {}
    for (const { command, member } of told.values()) {
      const end =
        command._tag === "Submit"
          ? await member.says("Over", ({ operation }) => operation.id === command.submission.id)
          : command._tag === "Change"
            ? await member.says("Changed", (said) => said.requestId === command.request.requestId)
            : undefined
      assert.isDefined(end, `nothing came of ${JSON.stringify(command)}`)
      const how = end._tag === "Over" ? end.operation.status : end.result
      ended[how] = (ended[how] ?? 0) + 1
    }
    const [first, second] = members
    first?.tell({ _tag: "Unschedule" })
    assert.isDefined(await first?.says("Unscheduled"))
    // Whoever owns the guard since one of them was killed: without agents it pauses, with them it resumes.
    const supervised = oneOf(campaigns)
    for (const queue of queues) await control.agents(queue, AGENTS[0])
    const shows = (dials: boolean) =>
      untilWithin(
        GUARD_PATIENCE_MS,
        () => control.campaign(supervised),
        ({ status }) => (status === "on") === dials
      )
    // A fleet that a schedule fired before it was taken away may still stop it: then it is begun again.
    let resumed = false
    while (!resumed) {
      const started: NamedRequest = {
        target: "active",
        campaignId: supervised,
        requestId: v7(),
        requestedBy: "ada",
        source: "library"
      }
      second?.tell({ _tag: "Change", request: started })
      await second?.says("Changed", ({ requestId }) => requestId === started.requestId)
      if (!(await shows(true))) continue
      for (const queue of queues) await control.agents(queue, 0)
      const paused = await shows(false)
      for (const queue of queues) await control.agents(queue, AGENTS[0])
      resumed = paused && (await shows(true))
    }
    await Promise.all(members.map((member) => member.end()))

    const writes = (await control.writes({ by: "api" })).toSorted(
      (one, other) => one.sequence - other.sequence
    )
    const requests = await control.requests()
    const { entries, verification } = await entriesAt(url)
    // A schedule's fleet may find that all is done already, or give way: then it writes nothing.
    const sources = new Set(
      entries.filter(({ kind }) => kind !== "drift").map((entry) => entry.source)
    )
    const conflicts = requests.filter(({ status }) => status === 409)
    console.log(
      `together: ${JSON.stringify(ended)}, ${writes.length} writes by ${[...sources].join(", ")}, ${conflicts.length} conflicts`
    )
    assert.strictEqual(verification._tag, "Intact")
    checkOneWriter(requests, writes)
    let unknown = 0
    for (const id of campaigns)
      unknown += checkSameHistory(
        writes.filter(({ campaignId }) => campaignId === id),
        entries.filter(({ campaignId }) => campaignId === id)
      )
    console.log(`together: ${unknown} changes of which the ledger knows no end`)
    // Nobody of us takes another's lock away but by a write that its process did not live to see the end
    // of, or where a member has lost its lease for a moment: there the lock decides.
    const recovered = entries.filter(({ outcome }) => outcome === "recovered").length
    assert.isAtMost(conflicts.length, unknown + recovered + MEMBERS)
    assert.sameMembers([...sources], ["library", "schedule", "guard"])
  } finally {
    await Promise.all(members.map((member) => member.kill()))
  }
})
