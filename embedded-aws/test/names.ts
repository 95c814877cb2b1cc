// What tests call things: accounts, ARNs, policy documents.
export const CUSTOMER = "111111111111";
export const PARTNER = "222222222222";
export const CUSTOMER2 = "333333333333";

/** ARN of something regional: `arnOf("sqs", "queue")`; the customer's and in us-east-1, unless told. */
export const arnOf = (service: string, resource: string, account = CUSTOMER, region = "us-east-1"): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

/** A policy document as text. */
export const documentOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });
