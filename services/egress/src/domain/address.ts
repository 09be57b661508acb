/** Where to: a phone, a business-scoped user id, or both. */
export interface Address {
  readonly phone?: string;
  readonly userId?: string;
  readonly parentUserId?: string;
}
