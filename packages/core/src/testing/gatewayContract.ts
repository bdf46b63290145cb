import { failing } from "./gateway/failing.ts"
import { listing } from "./gateway/listing.ts"
import { reading } from "./gateway/reading.ts"
import type { Case } from "./gateway/steps.ts"
import { stopping } from "./gateway/stopping.ts"
import { writing } from "./gateway/writing.ts"

/** What every campaign gateway promises. */
export const gatewayContract: ReadonlyArray<Case> = [
  ...reading,
  ...listing,
  ...writing,
  ...stopping,
  ...failing
]
