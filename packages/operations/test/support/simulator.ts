import { CampaignId } from "@campaignctl/core"
import type { ControlClient } from "@campaignctl/genesys-simulator"
import { simulatorProcess } from "@campaignctl/genesys-simulator/test-process"

/** Adds one campaign. */
export const addCampaign = async (
  control: ControlClient,
  command: Parameters<ControlClient["addCampaign"]>[0]
): Promise<CampaignId> => CampaignId.make((await control.addCampaign(command)).id)

/** A simulator in a process of its own; without a limit of requests unless an option says otherwise. */
export const startSimulator = async (...args: ReadonlyArray<string>) => {
  const simulator = await simulatorProcess("--rate", "off", "--call-seconds", "0.1-0.3", ...args)
  return {
    ...simulator,
    /**
     * Adds campaigns that a pause writes to, whatever their number: the platform never has more than
     * fifty on, but takes an invalid one to off.
     */
    addInvalid: async (count: number): Promise<ReadonlyArray<CampaignId>> => {
      const ids: Array<CampaignId> = []
      for (let index = 1; index <= count; index++) {
        const name = `Fleet ${String(index).padStart(4, "0")}`
        ids.push(await addCampaign(simulator.control, { name, status: "invalid" }))
      }
      return ids
    }
  }
}

export type Simulator = Awaited<ReturnType<typeof startSimulator>>
