import { laterFrom } from "../process/later.ts"

const later = laterFrom(() => import("./all.ts"))

/** Commands on webhooks to other systems. */
export const webhookCommands = {
  webhookAdd: later(({ webhookAdd }) => webhookAdd),
  webhookDeliveries: later(({ webhookDeliveries }) => webhookDeliveries),
  webhookDisable: later(({ webhookDisable }) => webhookDisable),
  webhookEnable: later(({ webhookEnable }) => webhookEnable),
  webhookList: later(({ webhookList }) => webhookList),
  webhookRedeliver: later(({ webhookRedeliver }) => webhookRedeliver),
  webhookRemove: later(({ webhookRemove }) => webhookRemove),
  webhookRotateSecret: later(({ webhookRotateSecret }) => webhookRotateSecret),
  webhookShow: later(({ webhookShow }) => webhookShow),
  webhookTest: later(({ webhookTest }) => webhookTest)
}
