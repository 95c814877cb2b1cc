/** The error that a call ends with, as `code: message`. Throws when the call succeeds. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
  throw new Error("The call succeeded, although it was expected to fail.");
}
