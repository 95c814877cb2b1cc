export const SIDES = ["customer", "partner"] as const;
export type Side = (typeof SIDES)[number];
