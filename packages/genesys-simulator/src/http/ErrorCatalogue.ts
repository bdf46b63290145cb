interface CatalogueEntry {
  readonly status: number
  readonly message: string
}

const INVALID_CAMPAIGN = "An attempt was made to update a Campaign in an invalid way."
const MISSING =
  "Unable to perform the requested action. You are missing the following permission(s):"

/**
 * Every error code that the platform documents for the simulated operations, both families, and the
 * codes under which the ETag contract is refused here (its page names statuses alone), with the
 * status and sentence that a fault of that name answers. A code documented under two statuses stands
 * here under its usual one; a fault may say the other.
 */
export const ERROR_CATALOGUE: Readonly<Record<string, CatalogueEntry>> = {
  "bad.request": {
    status: 400,
    message: "The request could not be understood by the server due to malformed syntax."
  },
  "constraint.validation": { status: 400, message: "The request failed a constraint." },
  "invalid.date": { status: 400, message: "Dates must be specified as ISO-8601 strings." },
  "invalid.property": { status: 400, message: "A property of the request is not valid." },
  "invalid.query.param.value": { status: 400, message: "A query parameter has an invalid value." },
  "invalid.value": { status: 400, message: "A value of the request is not valid." },
  "response.entity.too.large": { status: 400, message: "The response is over the size limit." },
  "client.failed.request": { status: 400, message: "The client broke off the request." },
  "too.many.bulk.retrieves": {
    status: 400,
    message: "Only 100 campaigns can be retrieved by id at a time."
  },
  "invalid.update": { status: 400, message: INVALID_CAMPAIGN },
  "invalid.update.bad.status.transition": {
    status: 400,
    message: `${INVALID_CAMPAIGN} Details: Invalid transition from <COMPLETE> to <OFF>`
  },
  "active.campaigns.limit.exceeded": {
    status: 400,
    message:
      "The limit of active campaigns has been reached. Turn off at least one campaign and wait for it to stop before starting another."
  },
  "dynamic.queueing.active.campaigns.count.exceeded": {
    status: 400,
    message: "The limit of active campaigns with dynamic queueing has been reached."
  },
  "resources.in.use": { status: 400, message: "Resources are in use by another campaign." },
  "contact.list.filter.in.use": { status: 400, message: "The contact list filter is in use." },
  "contact.list.import.in.progress": {
    status: 400,
    message: "The contact list is being imported."
  },
  "missing.time.zone.in.contactlist": {
    status: 400,
    message: "The contact list has no time zone column."
  },
  "callable.time.set.not.found": {
    status: 400,
    message: "The callable time set could not be found."
  },
  "callable.time.set.conflicts.with.automatic.time.zone.mapping": {
    status: 400,
    message: "A callable time set cannot be used with automatic time zone mapping."
  },
  "queue.not.found": { status: 400, message: "The queue could not be found." },
  "edge.group.is.empty": { status: 400, message: "The edge group is empty." },
  "edge.group.has.no.active.edges": { status: 400, message: "The edge group has no active edges." },
  "site.is.empty": { status: 400, message: "The site is empty." },
  "site.has.no.active.edges": { status: 400, message: "The site has no active edges." },
  "call.analysis.response.set.not.found": {
    status: 400,
    message: "The call analysis response set could not be found."
  },
  "dnc.list.not.found": { status: 400, message: "The do-not-call list could not be found." },
  "rule.set.not.found": { status: 400, message: "The rule set could not be found." },
  "script.not.found": { status: 400, message: "The script could not be found." },
  "too.many.queue.members": { status: 400, message: "The queue has too many members." },
  "invalid.acw.queue.setting": {
    status: 400,
    message: "The after-call work setting of the queue is not valid."
  },
  "invalid.max.calls.per.agent": {
    status: 400,
    message: "The value of maxCallsPerAgent must be between 1 and 15."
  },
  "invalid.relative.weight": { status: 400, message: "The relative weight is not valid." },
  "invalid.dialing.mode.update": { status: 400, message: "The dialing mode cannot be changed." },
  "skill.columns.cannot.be.modified": {
    status: 400,
    message: "The skill columns cannot be modified."
  },
  "cannot.update.dynamic.contact.queueing.settings": {
    status: 400,
    message: "The dynamic contact queueing settings cannot be updated."
  },
  "invalid.status.transition": { status: 400, message: "The status transition is not valid." },
  "simultaneous.field.and.status.update": {
    status: 400,
    message: "The status and other fields cannot be changed in one update."
  },
  "active.campaigns.with.data.action.conditions.limit.exceeded": {
    status: 400,
    message: "The limit of active campaigns with data action conditions has been reached."
  },
  "referential.integrity.error": {
    status: 400,
    message: "The campaign is referenced by another entity."
  },
  "campaign.in.use": { status: 400, message: "The campaign is in use." },
  "notification.subscription.too.many.subscriptions": {
    status: 400,
    message: "Too many subscriptions."
  },
  "notification.transport.not.allowed": {
    status: 400,
    message: "unable to subscribe, transport type not permitted."
  },
  "notification.invalid.topic": { status: 400, message: "The subscription topic is not valid." },
  "notification.unable.to.get.channel.id": { status: 400, message: "Unable to get channel id." },
  "authentication.required": {
    status: 401,
    message: "No authentication bearer token specified in authorization header."
  },
  "bad.credentials": { status: 401, message: "Invalid login credentials." },
  "ip.not.authorized": {
    status: 401,
    message: "This request was made from an IP address that is not authorized."
  },
  "app.not.authorized.for.scope": {
    status: 403,
    message: "The application is not authorized for the scope of this request."
  },
  "authz.policy.denied": {
    status: 403,
    message: "The request was denied by an authorization policy."
  },
  "missing.permissions": { status: 403, message: `${MISSING} outbound:campaign:edit` },
  "missing.any.permissions": {
    status: 403,
    message:
      "Unable to perform the requested action. You must have at least one of the following permissions assigned: [outbound:campaign:edit, outbound:campaign:recycle]"
  },
  "missing.division.permission": {
    status: 403,
    message: `${MISSING} outbound:campaign:edit in the division of the campaign`
  },
  "missing.any.division.permissions": {
    status: 403,
    message:
      "Unable to perform the requested action. You must have at least one of the following permissions assigned in the division: [outbound:campaign:edit]"
  },
  "not.authorized": {
    status: 403,
    message: "You are not authorized to perform the requested action."
  },
  "campaign.black.listed": {
    status: 403,
    message: "The campaign has been blocked by the platform."
  },
  "all.campaigns.black.listed": {
    status: 403,
    message: "All campaigns of the organization have been blocked by the platform."
  },
  "notification.unauthorized.topic": {
    status: 403,
    message: "Not authorized for this topic."
  },
  "notification.unauthorized.divisioned.topic": {
    status: 403,
    message: "No divisioned permissions for this topic."
  },
  "not.found": { status: 404, message: "The requested resource was not found." },
  "resource.not.found": { status: 404, message: "The requested resource was not found." },
  "campaign.not.found": { status: 404, message: "The campaign could not be found." },
  "client.timeout": { status: 408, message: "The client did not send its request in time." },
  "request.conflict": {
    status: 409,
    message: "The request conflicts with the current state of the campaign."
  },
  "invalid.update.wrong.version": {
    status: 409,
    message: "Conflict due to concurrent modification was detected"
  },
  "invalid.update.campaign.active": {
    status: 409,
    message: `${INVALID_CAMPAIGN} Details: the campaign is already active`
  },
  "too.many.skill.queue.members": {
    status: 409,
    message: "The queue has too many members for skill-based dialing."
  },
  "version.conflict": { status: 409, message: "The version of the entity is not the current one." },
  "etag.mismatch": {
    status: 409,
    message: "The campaign was changed since it was read: If-Match is not its current ETag."
  },
  "webhook.exists": { status: 409, message: "A webhook of that name exists already." },
  "request.entity.too.large": { status: 413, message: "The request is over the size limit." },
  "unsupported.media.type": {
    status: 415,
    message: "Unsupported media type: the content type must be application/json."
  },
  "transition.not.allowed": { status: 422, message: "The transition is not allowed." },
  "pause.reason.required": { status: 422, message: "A pause needs a pauseReason." },
  "precondition.required": { status: 428, message: "The header If-Match is required." },
  "too.many.requests": { status: 429, message: "Rate limit exceeded the maximum." },
  "too.many.requests.retry.after": { status: 429, message: "Rate limit exceeded the maximum." },
  "internal.server.error": {
    status: 500,
    message:
      "The server encountered an unexpected condition which prevented it from fulfilling the request."
  },
  "bad.gateway": { status: 502, message: "Bad gateway." },
  "service.unavailable": {
    status: 503,
    message:
      "Service Unavailable - The server is currently unavailable (because it is overloaded or down for maintenance)."
  },
  "general.internal.server.error": {
    status: 503,
    message: "The service is currently unavailable."
  },
  "authentication.request.timeout": { status: 504, message: "Authentication request timeout." },
  "request.timeout": { status: 504, message: "The request timed out." }
}
