/** What a look at a campaign asks for. */
export type Action =
  | {
      readonly _tag: "Pause"
      readonly reason: "COMPLIANCE" | "AGENT_CAPACITY" | "OTHER"
      /** The numbers that led to it, for the audit. */
      readonly note: string
    }
  | {
      readonly _tag: "Resume"
      readonly note: string
      /** Under which it was seen: it is started under no other. */
      readonly lock: string
      /** The ledger's sequence of the pause. Nobody may have asked for a stop after it. */
      readonly since: number
    }
  | { readonly _tag: "RecordDrift"; readonly note: string }
