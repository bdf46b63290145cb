/** How long `--wait` waits where no duration follows: most drains end with their longest call, well within it. */
export const DEFAULT_WAIT = "10m"

const CAMPAIGN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Ties every bare `--wait` to its default where a campaign id comes next, so that
 * `pause --wait ID` does not take the id for a duration.
 */
export const untangledWait = (argv: ReadonlyArray<string>): ReadonlyArray<string> => {
  const end = argv.indexOf("--")
  return argv.map((word, index) =>
    word === "--wait" && (end === -1 || index < end) && CAMPAIGN_ID.test(argv[index + 1] ?? "")
      ? `--wait=${DEFAULT_WAIT}`
      : word
  )
}
