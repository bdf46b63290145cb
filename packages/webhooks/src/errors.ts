/** The errors of webhooks for whoever shows or answers them; nothing that sends is loaded for it. */
export {
  type WebhooksErrorCode,
  webhooksErrors,
  type WebhooksErrorTag
} from "./domain/errorPages.ts"
export { isWebhooksError, type WebhooksError } from "./domain/WebhooksError.ts"
