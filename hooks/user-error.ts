/** A user's mistake, or what AWS said to it: its sentence is all that is shown. */
export class UserError extends Error {
  override readonly name = "UserError";
}
