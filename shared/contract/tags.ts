// Tags of the functions, by which a deployment is found where its stack's outputs aren't at hand. Of the functions
// alone: all else follows from them.

export const TAGS = {
  /** Which of the functions it is. */
  function: "cross-account-iot-hooks:function",
  /** Tells a side's deployments in one account and Region apart. */
  deployment: "cross-account-iot-hooks:deployment",
  /** `CONTRACT_VERSION` of who deployed it. */
  contract: "cross-account-iot-hooks:contract",
} as const;

export type HookFunction = "announce" | "reconcile" | "receive";

export type FunctionTags = Readonly<Record<(typeof TAGS)[keyof typeof TAGS], string>>;

/** On either side the partner's account, and what tells this side's deployments for it apart. */
export const deploymentName = (partnerAccountId: string, nameSuffix: string | undefined): string =>
  nameSuffix === undefined ? partnerAccountId : `${partnerAccountId}-${nameSuffix}`;

/** The suffix in a deployment's name. */
export const suffixIn = (deployment: string): string | undefined => /^\d{12}-(.+)$/.exec(deployment)?.[1];

export const functionTags = (of: HookFunction, deployment: string, contractVersion: number): FunctionTags => ({
  [TAGS.function]: of,
  [TAGS.deployment]: deployment,
  [TAGS.contract]: String(contractVersion),
});
