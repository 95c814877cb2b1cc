import type * as pulumi from "@pulumi/pulumi";

/** Stack outputs while the program runs: each is known, or will be. */
export type Pending<T> = {
  readonly [K in keyof T]: T[K] extends Readonly<Record<string, string>>
    ? Readonly<Record<string, pulumi.Output<string>>>
    : pulumi.Output<NonNullable<T[K]>> | T[K];
};
