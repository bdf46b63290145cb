/** Who wrote an intent: one run of one process on one host. */
export interface Writer {
  readonly host: string
  readonly pid: number
  /** When the process started, in words of the host alone: two runs that share a pid differ in it. */
  readonly started: string
}
