import type * as pulumi from "@pulumi/pulumi";

/** Stack outputs while the program runs: each is known, or will be. */
export type Pending<T> = {
  readonly [K in keyof T]: pulumi.Output<NonNullable<T[K]>> | (undefined extends T[K] ? undefined : never);
};
