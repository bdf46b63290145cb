import type { JsonObject } from "../../Json.ts"
import { TOPICS } from "../../notifications/Topics.ts"
import type { Topic } from "../../notifications/Topics.ts"
import { json, refuse } from "../ApiAnswer.ts"
import { manyOf } from "../Page.ts"
import type { Route } from "../Route.ts"

/** What a token of the ETag contract would have to be issued for. */
export const NOTIFICATION_SCOPE = "notifications"
/** What a client must hold, in the campaign's division, to be told of it. */
export const TOPIC_PERMISSION = "outbound:campaign:view"
const VIEW = TOPIC_PERMISSION

const PERMISSION_DETAILS = [
  { type: "requiresDivisionPermissions", permissions: [VIEW], enforced: true }
]

/** The fields of a topic that are shown when they are asked for. */
const EXPANSIONS: Readonly<Record<string, (topic: Topic) => JsonObject>> = {
  description: ({ description }) => ({ description }),
  enforced: () => ({ enforced: true }),
  schema: ({ schema }) => ({ schema }),
  visibility: () => ({ visibility: "Public" }),
  transports: () => ({ transports: ["Websocket"] }),
  publicApiTemplateUriPaths: ({ suffix }) => ({
    publicApiTemplateUriPaths: [`/api/v2/outbound/campaigns/{id}${suffix.replace(".", "/")}`]
  }),
  requiresPermissions: () => ({ requiresPermissions: [VIEW], requiresDivisionPermissions: true }),
  permissionDetails: () => ({ permissionDetails: PERMISSION_DETAILS }),
  topicParameters: () => ({ topicParameters: ["id"] })
}

const availableTopics: Route = {
  method: "GET",
  path: "/api/v2/notifications/availabletopics",
  access: "token",
  scope: NOTIFICATION_SCOPE,
  handle: (_, request) => {
    const wanted = manyOf(request.query, "expand").map((name) => {
      const expansion = Object.hasOwn(EXPANSIONS, name) ? EXPANSIONS[name] : undefined
      if (expansion !== undefined) return expansion
      const allowed = Object.keys(EXPANSIONS).join(", ")
      throw refuse(
        "invalid.query.param.value",
        `Value [${name}] is not valid for parameter [expand]. Allowable values are: ${allowed}`
      )
    })
    const entities = TOPICS.map((topic) =>
      wanted.reduce<JsonObject>((shown, expand) => ({ ...shown, ...expand(topic) }), {
        id: topic.id
      })
    )
    return json({ entities })
  }
}

export const availableTopicRoutes: ReadonlyArray<Route> = [availableTopics]
