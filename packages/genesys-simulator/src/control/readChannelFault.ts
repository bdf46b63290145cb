import type {
  ChannelFaultEffect,
  ChannelFaultKind,
  ChannelFaultRequest
} from "../notifications/ChannelFaults.ts"
import { isWaiting } from "../notifications/ChannelFaults.ts"
import { ControlError } from "./ControlError.ts"
import { Fields } from "./Fields.ts"

const LOWEST_STATUS = 400
const HIGHEST_STATUS = 599
/** Bytes of a close frame's reason. Source: RFC 6455, section 5.5, less the two of the code. */
const LONGEST_REASON = 123

/** Whether a close frame may carry this code. Source: RFC 6455, section 7.4, and the registry of 1012 to 1014. */
const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) ||
  (code >= 3000 && code <= 4999)

const readUpgrade = (fields: Fields): ChannelFaultEffect => {
  const status = fields.number("status", LOWEST_STATUS)
  if (status !== undefined && status > HIGHEST_STATUS)
    throw new ControlError(`"status" must be from 400 to 599.`)
  return { kind: "refuseUpgrade", ...(status === undefined ? {} : { status }) }
}

const readClose = (fields: Fields): ChannelFaultEffect => {
  const code = fields.value("code") === null ? null : fields.number("code", 0)
  if (typeof code === "number" && !(Number.isInteger(code) && isCloseCode(code)))
    throw new ControlError(`"code" must be a close code that may be sent, such as 1001, or null.`)
  const reason = fields.string("reason")
  if (Buffer.byteLength(reason ?? "") > LONGEST_REASON)
    throw new ControlError(`"reason" must have at most ${LONGEST_REASON} bytes.`)
  return {
    kind: "close",
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason })
  }
}

const readSilence = (fields: Fields): ChannelFaultEffect => {
  const heartbeats = fields.boolean("heartbeats")
  return { kind: "silence", ...(heartbeats === undefined ? {} : { heartbeats }) }
}

const readAnnouncement = (fields: Fields): ChannelFaultEffect => {
  const seconds = fields.number("seconds", 0)
  return { kind: "announceClose", ...(seconds === undefined ? {} : { seconds }) }
}

const READERS: { readonly [K in ChannelFaultKind]: (fields: Fields) => ChannelFaultEffect } = {
  missEvent: () => ({ kind: "missEvent" }),
  duplicateEvent: () => ({ kind: "duplicateEvent" }),
  swapEvent: () => ({ kind: "swapEvent" }),
  lateHeartbeat: (fields) => ({
    kind: "lateHeartbeat",
    seconds: fields.requiredNumber("seconds", 0)
  }),
  refuseUpgrade: readUpgrade,
  silence: readSilence,
  close: readClose,
  announceClose: readAnnouncement,
  expire: () => ({ kind: "expire" })
}

const isKind = (kind: string): kind is ChannelFaultKind => Object.hasOwn(READERS, kind)

const readCount = (fields: Fields): number | "always" | undefined =>
  fields.value("count") === "always" ? "always" : fields.number("count", 1)

/** Only what waits can be counted. */
const readTimes = (fields: Fields): Pick<ChannelFaultRequest, "count" | "after"> => {
  const count = readCount(fields)
  const after = fields.number("after", 0)
  return { ...(count === undefined ? {} : { count }), ...(after === undefined ? {} : { after }) }
}

/** A fault of channels as the control interface takes it. */
export const readChannelFault = (body: unknown): ChannelFaultRequest => {
  const fields = new Fields(body)
  const kind = fields.requiredString("kind")
  if (!isKind(kind))
    throw new ControlError(`"kind" must be one of ${Object.keys(READERS).join(", ")}.`)
  const channelId = fields.string("channelId")
  const campaignId = fields.string("campaignId")
  const times = isWaiting(kind) ? readTimes(fields) : {}
  const effect = READERS[kind](fields)
  fields.end()
  return {
    ...effect,
    ...times,
    ...(channelId === undefined ? {} : { channelId }),
    ...(campaignId === undefined ? {} : { campaignId })
  }
}
