/** What a call rejects with; fails where it does not reject. */
export const thrownBy = async (call: () => Promise<unknown>): Promise<unknown> => {
  const outcome = await call().then(
    (value) => ({ value }),
    (error: unknown) => ({ error })
  )
  if ("error" in outcome) return outcome.error
  throw new Error(`expected a rejection, got ${JSON.stringify(outcome.value)}`)
}
