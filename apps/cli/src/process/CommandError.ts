import type { CampaignctlError } from "@campaignctl/core"
import type { OperationsError } from "@campaignctl/operations/errors"
import type { WebhooksError } from "@campaignctl/webhooks/errors"

/** Everything that a command fails with. */
export type CommandError = CampaignctlError | OperationsError | WebhooksError
