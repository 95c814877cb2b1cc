// The accounts that there are.

/** An account of the embedded AWS, with the profile's name under which its administrator's keys are written. */
export interface Account {
  readonly profile: string;
  readonly id: string;
}
export const ACCOUNTS: readonly Account[] = [
  { profile: "customer", id: "111111111111" },
  { profile: "partner", id: "222222222222" },
  { profile: "customer2", id: "333333333333" },
];
export const DEFAULT_REGION = "us-east-1";
