/**
 * Whether what reaches these divisions reaches none but those that a caller is bound to. What reaches
 * none at all is nobody's but theirs who are bound to none: every list has all of an empty one.
 */
export const areWithin = (
  divisionIds: ReadonlyArray<string>,
  bound: ReadonlyArray<string>
): boolean =>
  divisionIds.length === 0
    ? bound.length === 0
    : divisionIds.every((division) => bound.includes(division))
