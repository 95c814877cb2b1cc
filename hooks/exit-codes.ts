/** What a command ends with. Documented in docs/operating.md. */
export const EXIT = {
  /** Done, and nothing to be done. */
  done: 0,
  /** It worked, and found or left something that somebody has to look at. */
  attention: 1,
  /** It could not work: what was typed, or the access to an account, is wrong. */
  refused: 2,
  /** 128 and the number of SIGINT, as shells have it. */
  interrupted: 130,
} as const;
