/** A part of the organisation by which permissions are granted. */
export interface Division {
  readonly id: string
  readonly name: string
  readonly home: boolean
}
