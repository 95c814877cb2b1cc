// Outputs of a stack that a setting names.
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../shared/configuration.ts";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";

/** `organization/project/stack`: characters as Pulumi allows them in names. */
export const STACK_NAME = /^[\w.-]+\/[\w.-]+\/[\w.-]+$/;

export interface NamedStack {
  /** Which names it. */
  readonly setting: string;
  readonly stack: string;
  /** The project whose stacks are meant. */
  readonly project: string;
  /** What to do where it can't be read, as the end of a sentence. */
  readonly otherwise: string;
}

/** How an output is read. Throws RunError where there is no such stack, or one of another version of the contract. */
export async function outputsOf(
  configuration: Configuration,
  { setting, stack, project, otherwise }: NamedStack,
): Promise<(output: string) => Promise<unknown>> {
  const reference = new pulumi.StackReference(stack);
  const read = async (output: string): Promise<unknown> => {
    try {
      const details = await reference.getOutputDetails(output);
      return (details.value ?? details.secretValue) as unknown;
    } catch {
      // The engine has reported why by itself, as a message about the stack reference.
      throw configuration.refuse(setting, stack, `but that stack can't be read: ${otherwise}`);
    }
  };
  const contractVersion = await read("contractVersion");
  if (contractVersion === CONTRACT_VERSION) return read;
  throw configuration.refuse(
    setting,
    stack,
    contractVersion === undefined
      ? `but that stack has no output contractVersion: name a deployed stack of the project ${project}`
      : `but that stack speaks version ${JSON.stringify(contractVersion)} of the contract, and this program ` +
          `version ${CONTRACT_VERSION}: deploy both from the same release`,
  );
}
