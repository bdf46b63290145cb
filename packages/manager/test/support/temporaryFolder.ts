import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder that is gone when it goes out of scope. */
export const temporaryFolder = () => {
  const path = mkdtempSync(join(tmpdir(), "campaignctl-manager-"))
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true })
  }
}
