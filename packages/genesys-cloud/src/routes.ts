/**
 * What is asked of Genesys, as traces tell it: the method and the path's template. A path itself
 * holds ids, and is told nowhere. The names in braces are the SDK's own.
 */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH"
  readonly template: string
}

/** Every request that this package sends. */
export const routes = {
  readCampaign: { method: "GET", template: "/api/v2/outbound/campaigns/{campaignId}" },
  putCampaign: { method: "PUT", template: "/api/v2/outbound/campaigns/{campaignId}" },
  patchCampaign: { method: "PATCH", template: "/api/v2/outbound/campaigns/{campaignId}" },
  stopCampaign: { method: "POST", template: "/api/v2/outbound/campaigns/{campaignId}/stop" },
  listCampaigns: { method: "GET", template: "/api/v2/outbound/campaigns" },
  campaignStats: { method: "GET", template: "/api/v2/outbound/campaigns/{campaignId}/stats" },
  callableTimeSet: {
    method: "GET",
    template: "/api/v2/outbound/callabletimesets/{callableTimeSetId}"
  },
  observations: { method: "POST", template: "/api/v2/analytics/queues/observations/query" },
  realtime: { method: "GET", template: "/api/v2/analytics/queues/realtime" },
  queues: { method: "GET", template: "/api/v2/routing/queues" },
  permitted: { method: "GET", template: "/api/v2/authorization/divisionspermitted/me" },
  moveToDivision: {
    method: "POST",
    template: "/api/v2/authorization/divisions/{divisionId}/objects/{objectType}"
  },
  webhooks: { method: "POST", template: "/api/v2/webhooks" },
  createChannel: { method: "POST", template: "/api/v2/notifications/channels" },
  subscribe: {
    method: "PUT",
    template: "/api/v2/notifications/channels/{channelId}/subscriptions"
  },
  addSubscriptions: {
    method: "POST",
    template: "/api/v2/notifications/channels/{channelId}/subscriptions"
  },
  platformToken: { method: "POST", template: "/oauth/token" },
  etagToken: { method: "POST", template: "/api/v2/oauth/token" }
} as const satisfies Record<string, Route>
