import type { CampaignctlError } from "@campaignctl/core"
import type { OperationsError } from "@campaignctl/operations/errors"

/** Everything that a command fails with. */
export type CommandError = CampaignctlError | OperationsError
