// Loaded by the commands on webhooks alone.
export { webhookAdd } from "./commands/add.ts"
export { webhookDeliveries } from "./commands/deliveries.ts"
export { webhookRedeliver } from "./commands/redeliver.ts"
export { webhookRemove } from "./commands/remove.ts"
export { webhookRotateSecret } from "./commands/rotateSecret.ts"
export {
  webhookDisable,
  webhookEnable,
  webhookList,
  webhookShow
} from "./commands/subscriptions.ts"
export { webhookTest } from "./commands/test.ts"
