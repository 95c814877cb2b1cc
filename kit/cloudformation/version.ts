// A function's version in CloudFormation. Pulumi's provider publishes one with each change; here the version is a
// resource of its own, and a new one is published only where that has to be replaced.
import { createHash } from "node:crypto";
import type { Planned } from "../plan.ts";
import { type Announced, type Json, type Members, type SettingName, specialsIn } from "../value.ts";
import { type Renderer, settingOf } from "./expressions.ts";

export const versionOf = (id: string): string => `${id}Version`;

/** What no version has, or what is the same as long as the stack is. */
const NOT_OF_A_VERSION = ["reservedConcurrentExecutions", "tags"];
const OF_THE_STACK: readonly SettingName[] = ["accountId", "region", "partition", "ending"];

/**
 * Another description replaces it (AWS CloudFormation Template Reference Guide, AWS::Lambda::Version: 256 characters),
 * and publishing what hasn't changed fails. So the description is made of all that the function is made of, and of
 * nothing else: a hash of what the template says, and the parameters that go into it.
 */
export function versionResource(resource: Planned, role: Planned, renderer: Renderer) {
  const versioned: Members = Object.fromEntries(
    Object.entries(resource.inputs).filter(([input]) => !NOT_OF_A_VERSION.includes(input)),
  );
  const specials = specialsIn([versioned, role.inputs.name ?? null]);
  const settings = new Set(specials.flatMap((special) => (special.kind === "setting" ? [special.setting] : [])));
  const announced = specials.filter((special): special is Announced => special.kind === "announced");
  const conditions = announced.map((special) => renderer.condition(special));
  return {
    Type: "AWS::Lambda::Version",
    Properties: {
      FunctionName: { Ref: resource.id },
      Description: {
        "Fn::Join": [
          " ",
          [
            createHash("sha256").update(JSON.stringify(versioned)).digest("hex").slice(0, 8),
            { "Fn::Join": ["", bitsOf(conditions)] },
            ...[...settings].filter((setting) => !OF_THE_STACK.includes(setting)).map(orEmpty),
          ],
        ],
      },
    },
  };
}

/** Which of the conditions hold, two to a digit: the description has to be short. */
function bitsOf(conditions: readonly string[]): readonly Json[] {
  const [first, second, ...others] = conditions;
  if (first === undefined) return [];
  const digit = (whenBoth: string, whenFirst: string, whenSecond: string, whenNone: string): Json => ({
    "Fn::If": [
      first,
      second === undefined ? whenFirst : { "Fn::If": [second, whenBoth, whenFirst] },
      second === undefined ? whenNone : { "Fn::If": [second, whenSecond, whenNone] },
    ],
  });
  return [digit("3", "2", "1", "0"), ...bitsOf(others)];
}

/** A setting that may be missing, as a text. */
function orEmpty(setting: SettingName): Json {
  const expression = settingOf(setting);
  const choice = expression["Fn::If"];
  if (!Array.isArray(choice)) return expression;
  const [condition, then, otherwise] = choice as readonly Json[];
  const missing = JSON.stringify(otherwise) === JSON.stringify({ Ref: "AWS::NoValue" });
  return { "Fn::If": [condition ?? "", then ?? "", missing ? "" : (otherwise ?? "")] };
}
