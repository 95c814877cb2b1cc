// Policies of AWS IoT, for certificates and other principals of devices. Of one version each, and kept to be looked at
// only: nothing connects by MQTT here that they could be asked for.
import type { IoT } from "@aws-sdk/client-iot";
import { arn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { operations, type Call } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { notFound, on, page } from "./checks.ts";
import type { Numbered } from "./state.ts";

interface IotPolicy extends Numbered {
  readonly name: string;
  readonly arn: string;
  readonly document: string;
  readonly createdAt: Date;
}

const POLICIES = stateOf("iot policies", () => {
  let serial = 0;
  return { nextSerial: () => ++serial, policies: new Map<string, IotPolicy>() };
});

const VERSION = "1";

const resource = ({ policyName }: { readonly policyName?: string | undefined }) => `policy/${policyName ?? ""}`;

function policyOf(call: Call, name = ""): IotPolicy {
  const policy = call.cloud.state(POLICIES, call).policies.get(name);
  if (!policy) throw notFound("The policy", name);
  return policy;
}

/** @throws AwsError MalformedPolicyException («CreatePolicy», API reference) */
function checkDocument(text: string): void {
  try {
    const { Version, Statement } = JSON.parse(text) as { Version?: unknown; Statement?: unknown };
    if (typeof Version === "string" && typeof Statement === "object" && Statement !== null) return;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AwsError("MalformedPolicyException", "Policy document is malformed: it has no Version and Statement.");
}

export const POLICIES_OF_DEVICES = operations<IoT>({
  CreatePolicy: {
    authorize: (input, call) => on(call, "CreatePolicy", resource(input)),
    run: (input, call) => {
      const { policies, nextSerial } = call.cloud.state(POLICIES, call);
      const { policyName: name = "", policyDocument: document = "" } = input;
      checkDocument(document);
      if (policies.has(name))
        throw new AwsError(
          "ResourceAlreadyExistsException",
          `Policy cannot be created - name already exists (name=${name})`,
        );
      const policy = {
        serial: nextSerial(),
        name,
        arn: arn("iot", call, resource(input)),
        document,
        createdAt: call.time,
      };
      policies.set(name, policy);
      return { policyName: name, policyArn: policy.arn, policyDocument: document, policyVersionId: VERSION };
    },
  },
  GetPolicy: {
    authorize: (input, call) => on(call, "GetPolicy", resource(input)),
    run: (input, call) => {
      const { name, arn: policyArn, document, createdAt } = policyOf(call, input.policyName);
      return {
        policyName: name,
        policyArn,
        policyDocument: document,
        defaultVersionId: VERSION,
        creationDate: createdAt,
        lastModifiedDate: createdAt,
        generationId: VERSION,
      };
    },
  },
  ListPolicies: {
    authorize: (_input, call) => on(call, "ListPolicies"),
    run: ({ marker, pageSize }, call) => {
      const paging = { nextToken: marker, maxResults: pageSize };
      const { items, nextToken } = page(call.cloud.state(POLICIES, call).policies.values(), paging);
      return {
        policies: items.map(({ name, arn: policyArn }) => ({ policyName: name, policyArn })),
        ...(nextToken === undefined ? {} : { nextMarker: nextToken }),
      };
    },
  },
  DeletePolicy: {
    authorize: (input, call) => on(call, "DeletePolicy", resource(input)),
    run: (input, call) => {
      call.cloud.state(POLICIES, call).policies.delete(policyOf(call, input.policyName).name);
      return {};
    },
  },
});
