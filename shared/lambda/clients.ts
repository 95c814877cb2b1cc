// How the functions' SDK clients wait and try again.

/**
 * Throttling, 5xx, broken connections and time-outs: up to five attempts within the invocation, with the SDK's own
 * pauses between them (some 2 seconds in all, 8 when throttled). What lasts longer is Lambda's to try again, after
 * minutes. An attempt that hangs is given up early enough for another one: the SDK itself waits for ever.
 */
export const CLIENT = {
  maxAttempts: 5,
  retryMode: "standard",
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  // Put together once, not for each call: nothing changes a client's middleware.
  cacheMiddleware: true,
} as const;
