import { Option, Schema } from "effect"

/** Longest cursor that is looked at, in characters: ours are shorter. */
const LONGEST_CURSOR = 512

/** A cursor's text: opaque to whoever carries it, checked when it comes back. */
export const cursorText = (cursor: object): string =>
  Buffer.from(JSON.stringify(cursor)).toString("base64url")

/** Reads a cursor; none where it is not one of this kind. */
export const readCursor = <A>(schema: Schema.Decoder<A>, text: string): Option.Option<A> =>
  text.length > LONGEST_CURSOR || !/^[\w-]+$/.test(text)
    ? Option.none()
    : Schema.decodeUnknownOption(Schema.fromJsonString(schema), { onExcessProperty: "error" })(
        Buffer.from(text, "base64url").toString()
      )
