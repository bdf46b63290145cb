export {
  otlpReceiver,
  type OtlpReceiver,
  type ReceivedMetric,
  type ReceivedSpan
} from "./otlpReceiver.ts"
