export {
  Diagnosis,
  neededPermissions,
  type NeededPermission,
  type PermissionFinding
} from "./diagnosis/Diagnosis.ts"
export { WebhookRegistration } from "./etag/WebhookRegistration.ts"
export { etagLayer, type GenesysServices, layer, platformLayer } from "./layer.ts"
export {
  DEFAULT_PACING_PATIENCE_MS,
  DEFAULT_REQUEST_TIMEOUT_MS,
  type GenesysOptions
} from "./options.ts"
