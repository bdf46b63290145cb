/** The form of a UUID, in whichever letters. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** An id as Genesys writes it: a UUID in small letters. What is none is left as it is. */
export const writtenId = <A extends string>(id: A): A =>
  UUID.test(id) ? (id.toLowerCase() as A) : id // small letters say the same

const LISTS = ["ids", "campaignIds", "divisionIds", "queueIds"] as const

type Lists = { readonly [Key in (typeof LISTS)[number]]?: ReadonlyArray<string> }

/**
 * A scope, a selector or a filter with its ids as Genesys writes them.
 *
 * Ids are compared letter by letter: one in capitals would mean no campaign at all, and a stop for it
 * would stop nothing.
 */
export const withWrittenIds = <A extends Lists>(scope: A): A => ({
  ...scope,
  ...Object.fromEntries(
    LISTS.flatMap((key) => {
      const list = scope[key]
      return list === undefined ? [] : [[key, list.map(writtenId)]]
    })
  )
})
