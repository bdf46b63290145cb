/** The options that every command has and that take a value in the next word. */
const WITH_VALUE: ReadonlySet<string> = new Set(["-o", "--output", "--profile", "--contract"])

/**
 * Puts the common options that stand before the command behind everything that follows it, so that
 * `campaignctl -o json get` means `campaignctl get -o json`. What stands after `--` stays there.
 */
export const commandFirst = (argv: ReadonlyArray<string>): ReadonlyArray<string> => {
  let leading = 0
  while (argv[leading]?.startsWith("-") === true && argv[leading] !== "--")
    leading += WITH_VALUE.has(argv[leading] ?? "") ? 2 : 1
  // Without a command, `--help` and `--version` are the program's own.
  if (leading === 0 || leading >= argv.length) return argv
  const rest = argv.slice(leading)
  const end = rest.includes("--") ? rest.indexOf("--") : rest.length
  return [...rest.slice(0, end), ...argv.slice(0, leading), ...rest.slice(end)]
}
