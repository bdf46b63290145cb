/**
 * A local Genesys Cloud: both wire contracts over one deterministic organisation, faults on demand.
 */
export {
  startSimulator,
  DEFAULT_SEED,
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET
} from "./start.ts"
export type { Simulator, SimulatorCampaign, SimulatorOptions, SimulatorReady } from "./start.ts"
export { PortBusy } from "./Listener.ts"
export { runSimulatorProgram } from "./runSimulatorProgram.ts"
export { ControlClient } from "./control/ControlClient.ts"
export type {
  CampaignCommand,
  NewCampaignCommand,
  PermissionCommand,
  RequestFilter,
  WriteFilter
} from "./control/ControlClient.ts"
export type { ChannelFaultView, ChannelView } from "./control/channelCommands.ts"
export { ControlError } from "./control/ControlError.ts"
export type { PermissionsView } from "./control/settingCommands.ts"
export type { CampaignView, FaultView, QueueView, StateView } from "./control/views.ts"
export type {
  Fault,
  FaultAim,
  FaultEffect,
  FaultKind,
  FaultMoment,
  FaultRequest
} from "./http/Faults.ts"
export type { RequestEntry } from "./http/RequestLog.ts"
export type { FrameCounts, Silence } from "./notifications/Channel.ts"
export type {
  ChannelFaultAim,
  ChannelFaultEffect,
  ChannelFaultKind,
  ChannelFaultRequest
} from "./notifications/ChannelFaults.ts"
export type { JsonObject, JsonValue } from "./Json.ts"
export { MANUAL_START } from "./SimulatorClock.ts"
export type { ClockOptions } from "./SimulatorClock.ts"
export { KNOWN_PERMISSIONS } from "./http/Permissions.ts"
export type { CallTiming } from "./world/Calls.ts"
export { ACTIVE_CAMPAIGN_LIMIT, CAMPAIGN_STATUSES } from "./world/CampaignStatus.ts"
export type { CampaignStatus } from "./world/CampaignStatus.ts"
export { DEFAULT_UNKNOWN_FACTS } from "./world/UnknownFacts.ts"
export type { UnknownFacts } from "./world/UnknownFacts.ts"
export type { WriteBy, WriteContract, WriteEntry, WriteOrigin, WriteVia } from "./world/WriteLog.ts"
