// What a customer sets in CloudFormation's console, how it is checked, and how it is laid out.
import { DEFAULT_OPERATIONS, type Operation } from "../../shared/contract/operations.ts";
import { PARAMETERS, type Parameter, TRAIL_DESCRIPTION } from "../parameters.ts";
import { type Json, capitalised } from "../value.ts";
import { type Expression, operationParameter, or } from "./expressions.ts";

/** Values that parameters have where nothing else is given, by the parameters' names. */
export type Defaults = Readonly<Record<string, string>>;

const FLAG = { Type: "String", AllowedValues: ["true", "false"] };

/** @param switches operations that have a parameter each */
export function parametersOf(switches: readonly Operation[], defaults: Defaults): Readonly<Record<string, Expression>> {
  const withDefault = (name: string, own: string | undefined): Expression => {
    const value = defaults[name] ?? own;
    return value === undefined ? {} : { Default: value };
  };
  const parameters: Record<string, Expression> = {};
  for (const parameter of PARAMETERS) {
    const name = capitalised(parameter.setting);
    parameters[name] = {
      ...parameterOf(parameter),
      ...withDefault(name, parameter.default ?? (parameter.optional ? "" : undefined)),
    };
  }
  for (const operation of switches) {
    const name = operationParameter(operation);
    parameters[name] = {
      ...FLAG,
      Description: `Whether ${operation} is announced. The partner has to allow the same operations.`,
      ...withDefault(name, String(DEFAULT_OPERATIONS.includes(operation))),
    };
  }
  parameters.CreateTrail = { ...FLAG, Description: TRAIL_DESCRIPTION, ...withDefault("CreateTrail", "false") };
  return parameters;
}

const parameterOf = ({ description, pattern, must, maxLength, optional, choices }: Parameter): Expression => ({
  Type: "String",
  Description: description,
  ...(choices === undefined
    ? { AllowedPattern: `^(${pattern})${optional === true ? "?" : ""}$`, ConstraintDescription: `must be ${must}` }
    : { AllowedValues: choices }),
  ...(maxLength === undefined ? {} : { MaxLength: maxLength }),
});

export const rulesOf = (switches: readonly Operation[]): Json => ({
  AnOperation: {
    Assertions: [
      {
        Assert: or(
          switches.map((operation): Json => ({ "Fn::Equals": [{ Ref: operationParameter(operation) }, "true"] })),
        ),
        AssertDescription: "Without an operation nothing is announced: switch one on",
      },
    ],
  },
});

/** How the console lays the parameters out. */
export const metadataOf = (switches: readonly Operation[]): Json => ({
  "AWS::CloudFormation::Interface": {
    ParameterGroups: [
      {
        Label: { default: "What the partner told you" },
        Parameters: PARAMETERS.slice(0, 2)
          .map(({ setting }) => capitalised(setting))
          .concat("ExternalId"),
      },
      {
        Label: { default: "What is announced" },
        Parameters: [...switches.map(operationParameter), "CreateTrail"],
      },
      {
        Label: { default: "Can stay as it is" },
        Parameters: PARAMETERS.slice(3).map(({ setting }) => capitalised(setting)),
      },
    ],
  },
});
