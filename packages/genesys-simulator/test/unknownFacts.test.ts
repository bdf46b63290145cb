import { expect, it } from "vitest"
import type { CampaignStatus, UnknownFacts } from "../src/index.ts"
import { campaignPath, connect, named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

interface Trial {
  readonly facts: Partial<UnknownFacts>
  readonly from: CampaignStatus
  readonly act: "start" | "stop" | "PUT on" | "PUT off" | "drain"
  readonly status: number
  readonly to: CampaignStatus
  readonly bumps: number
}

const TRIALS: ReadonlyArray<Trial> = [
  {
    facts: { startWhileOn: "accepted" },
    from: "on",
    act: "start",
    status: 204,
    to: "on",
    bumps: 0
  },
  { facts: { startWhileOn: "refused" }, from: "on", act: "start", status: 409, to: "on", bumps: 0 },
  {
    facts: { stopWhileOff: "accepted" },
    from: "off",
    act: "stop",
    status: 204,
    to: "off",
    bumps: 0
  },
  {
    facts: { stopWhileOff: "refused" },
    from: "off",
    act: "stop",
    status: 409,
    to: "off",
    bumps: 0
  },
  {
    facts: { stopWhileComplete: "accepted" },
    from: "complete",
    act: "stop",
    status: 204,
    to: "complete",
    bumps: 0
  },
  {
    facts: { stopWhileComplete: "refused" },
    from: "complete",
    act: "stop",
    status: 409,
    to: "complete",
    bumps: 0
  },
  {
    facts: { startStopBumpsVersion: true },
    from: "off",
    act: "start",
    status: 204,
    to: "on",
    bumps: 1
  },
  {
    facts: { startStopBumpsVersion: false },
    from: "off",
    act: "start",
    status: 204,
    to: "on",
    bumps: 0
  },
  {
    facts: { drainEndBumpsVersion: true },
    from: "stopping",
    act: "drain",
    status: 0,
    to: "off",
    bumps: 1
  },
  {
    facts: { drainEndBumpsVersion: false },
    from: "stopping",
    act: "drain",
    status: 0,
    to: "off",
    bumps: 0
  },
  { facts: {}, from: "forced_stopping", act: "drain", status: 0, to: "forced_off", bumps: 1 },
  {
    facts: { invalidToOff: "allowed" },
    from: "invalid",
    act: "PUT off",
    status: 200,
    to: "off",
    bumps: 1
  },
  {
    facts: { invalidToOff: "refused" },
    from: "invalid",
    act: "PUT off",
    status: 400,
    to: "invalid",
    bumps: 0
  },
  {
    facts: { stoppingToOn: "allowed" },
    from: "stopping",
    act: "PUT on",
    status: 200,
    to: "on",
    bumps: 1
  },
  {
    facts: { stoppingToOn: "refused" },
    from: "stopping",
    act: "PUT on",
    status: 400,
    to: "stopping",
    bumps: 0
  },
  {
    facts: { forcedOffToOn: "allowed" },
    from: "forced_off",
    act: "PUT on",
    status: 200,
    to: "on",
    bumps: 1
  },
  {
    facts: { forcedOffToOn: "refused" },
    from: "forced_off",
    act: "PUT on",
    status: 400,
    to: "forced_off",
    bumps: 0
  }
]

it.each(TRIALS)("$act from $from with $facts answers $status", (trial) =>
  withSimulator({ unknownFacts: trial.facts }, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Winback")
    const before = await simulator.control.changeCampaign(id, { status: trial.from })
    const body = { ...before.document, campaignStatus: trial.act.slice("PUT ".length) }
    const acts = {
      "PUT on": () => call("PUT", campaignPath(id), { body }),
      "PUT off": () => call("PUT", campaignPath(id), { body }),
      start: () => call("POST", `${campaignPath(id)}/start`),
      stop: () => call("POST", `${campaignPath(id)}/stop`),
      drain: () => simulator.control.advance(1).then(() => ({ status: 0 }))
    }
    expect((await acts[trial.act]()).status).toBe(trial.status)
    const after = await simulator.control.campaign(id)
    expect([after.status, after.version - before.version]).toEqual([trial.to, trial.bumps])
  })()
)

it(
  "fills the stats of a campaign that is off, or leaves them empty",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = `${campaignPath(named(simulator, "Winback"))}/stats`
    expect((await call("GET", path)).body).toEqual({})
    await simulator.control.switches({ statsWhileOff: "filled" })
    expect((await call("GET", path)).body).toMatchObject({ outstandingCalls: 0, idleAgents: 5 })
  })
)
