import { createHash } from "node:crypto"
import { OperationId } from "../../domain/Operation.ts"

/**
 * The id of the operation of one firing: the same for the same firing whoever submits it, so that it is
 * one operation however often it is submitted. A UUID v7 of the instant at which it was due, with a
 * digest in place of the random bits.
 */
export const operationIdOf = (firing: {
  readonly key: string
  readonly at: number
}): OperationId => {
  const bytes = createHash("sha256").update(firing.key).digest().subarray(0, 16)
  // The layout of RFC 9562: 48 bits of milliseconds, then the version and the variant among the rest.
  bytes.writeUIntBE(Math.max(0, firing.at), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString("hex")
  return OperationId.make(
    [
      [0, 8],
      [8, 12],
      [12, 16],
      [16, 20],
      [20, 32]
    ]
      .map(([from, to]) => hex.slice(from, to))
      .join("-")
  )
}

/** When the firing of an operation's id was due, in epoch milliseconds. */
export const dueAtOf = (id: OperationId): number =>
  Number.parseInt(id.replace("-", "").slice(0, 12), 16)
