/** Which inputs the rows of a click log have: features, fields of ids, or both. */
export interface ClickData {
  /** Numeric features: the input `features`, float32 [rows, features]. Default 0: it is not looked at. */
  readonly features?: number
  /** Fields of ids: the input `categories`, int32 [rows, fields]. Default 0: it is not looked at. */
  readonly fields?: number
  /** Ids of all fields together. Each field has ids of its own, so that one table serves all. Default 0. */
  readonly vocabulary?: number
}
