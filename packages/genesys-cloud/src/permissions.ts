/** The permissions that requests need. Source: Genesys' API description, `x-inin-requires-permissions`. */
export const permissions = {
  viewCampaign: "outbound:campaign:view",
  editCampaign: "outbound:campaign:edit",
  stopCampaign: "outbound:campaign:stop",
  viewCallableTimeSet: "outbound:callableTimeSet:view",
  viewObservations: "analytics:queueObservation:view",
  viewQueues: "routing:queue:view",
  moveToDivision: "authorization:division:edit",
  webhooks: "platform:webhook:write",
  /** An OAuth scope: channels need no permission of their own, and topics that of what they tell of. */
  notifications: "notifications"
} as const
