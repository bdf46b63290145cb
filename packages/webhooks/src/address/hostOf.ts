/** A host name as the URL standard has it, in lower case and without a dot at the end; undefined where it is none. */
export const hostOf = (text: string): string | undefined => {
  const host = URL.parse(`https://${text}/`)?.hostname
  return host === undefined || host === "" ? undefined : withoutDot(host)
}

/** `example.com.` is `example.com`. */
export const withoutDot = (host: string): string => host.replace(/\.+$/, "")
