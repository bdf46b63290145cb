import { expect, it } from "vitest"
import { campaignPath, connect, named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

it(
  "shows a running campaign's stats, progress and diagnostics",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    const path = campaignPath(id)
    const { outstandingCalls, contactsCalled } = await simulator.control.campaign(id)
    expect(outstandingCalls).toBeGreaterThan(0)
    expect((await call("GET", `${path}/stats`)).body).toMatchObject({
      outstandingCalls,
      contactRate: { attempts: expect.any(Number), connects: expect.any(Number) }
    })
    const progress = await call("GET", `${path}/progress`)
    expect(progress.body).toMatchObject({
      campaign: { id },
      numberOfContactsCalled: contactsCalled,
      totalNumberOfContacts: 40_000
    })
    const many = await call("POST", "/outbound/campaigns/progress", { body: [id, "nope"] })
    expect(many.body).toEqual([progress.body])
    const diagnostics = await call("GET", `${path}/diagnostics`)
    expect(diagnostics.body).toMatchObject({
      outstandingInteractionsCount: outstandingCalls,
      queueUtilizationDiagnostic: { usersOnQueueWithStation: expect.any(Number) },
      campaignErrors: []
    })
    expect((await call("DELETE", `${path}/progress`)).status).toBe(202)
    expect((await simulator.control.campaign(id)).contactsCalled).toBe(0)
  })
)

it(
  "says why a campaign is invalid, and what happened to campaigns",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Mortgage")
    const diagnostics = await call("GET", `${campaignPath(id)}/diagnostics`)
    expect(diagnostics.body.campaignErrors).toHaveLength(1)
    await simulator.control.changeCampaign(id, { errors: null })
    expect((await call("POST", `${campaignPath(id)}/start`)).status).toBe(204)
    await simulator.control.changeCampaign(id, { turn: "off", outstandingCalls: 0 })
    await simulator.control.advance(1)
    await simulator.control.changeCampaign(id, { status: "forced_off" })
    const events = await call("GET", "/outbound/events?category=CAMPAIGN&pageSize=2")
    expect(
      events.body.entities.map(
        ({ eventMessage }: { readonly eventMessage: { readonly code: string } }) =>
          eventMessage.code
      )
    ).toEqual(["CAMPAIGN_FORCE_STOPPED", "CAMPAIGN_STOPPED"])
  })
)

it(
  "serves callable time sets, as a list and by the id that a campaign refers to",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const campaign = await call("GET", campaignPath(named(simulator, "Collections")))
    const set = await call("GET", `/outbound/callabletimesets/${campaign.body.callableTimeSet.id}`)
    expect(set.body.callableTimes[0]).toEqual({
      timeZoneId: "Europe/London",
      timeSlots: [1, 2, 3, 4, 5, 6].map((day) => ({
        day,
        startTime: "08:00:00",
        stopTime: "20:00:00"
      }))
    })
    expect((await call("GET", "/outbound/callabletimesets")).body.entities).toEqual([set.body])
    expect((await call("GET", "/outbound/callabletimesets/nope")).status).toBe(404)
  })
)
