// Principals of things. AWS knows X.509 certificates and Cognito identities; here only certificates that clients
// bring along (RegisterCertificateWithoutCA): nothing connects by MQTT here, so that no keys, authorities or policies
// on certificates are needed.
import { X509Certificate } from "node:crypto";
import type { IoT } from "@aws-sdk/client-iot";
import { arn } from "../../core/arn.ts";
import { AwsError, messageOf, notModelled } from "../../core/errors.ts";
import { operations, type Call } from "../../core/service.ts";
import { invalid, notFound, on, page } from "./checks.ts";
import { REGISTRY } from "./state.ts";
import { thingOf } from "./things.ts";

/** The ARN of a certificate. Throws for a principal that isn't one that is known here. */
function principalOf(call: Call, principal = ""): string {
  if (/^[a-z0-9-]+:[0-9a-f-]{36}$/.test(principal))
    throw notModelled(`The Cognito identity ${principal} as a principal`);
  if (!/^arn:[^:]+:iot:[^:]*:\d{12}:cert\/[0-9a-f]{64}$/.test(principal))
    throw invalid(`A principal is the ARN of a certificate or a Cognito identity, which "${principal}" is not.`);
  if (!call.cloud.state(REGISTRY, call).certificates.has(principal)) throw notFound("The certificate", principal);
  return principal;
}

/**
 * The certificate's id is the SHA-256 of its DER form, its «thumbprint». Throws CertificateValidationException for
 * what isn't one.
 */
function idOf(pem: string): string {
  try {
    return new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase();
  } catch (error) {
    throw new AwsError("CertificateValidationException", `The certificate can't be read: ${messageOf(error)}`);
  }
}

export const PRINCIPALS = operations<IoT>({
  RegisterCertificateWithoutCA: {
    authorize: (_input, call) => on(call, "RegisterCertificateWithoutCA"),
    run: (input, call) => {
      const { certificates } = call.cloud.state(REGISTRY, call);
      const id = idOf(input.certificatePem ?? "");
      const certificateArn = arn("iot", call, `cert/${id}`);
      if (certificates.has(certificateArn))
        throw new AwsError("ResourceAlreadyExistsException", "The certificate is already registered.", {
          fields: { resourceId: id, resourceArn: certificateArn },
        });
      certificates.add(certificateArn);
      return { certificateArn, certificateId: id };
    },
  },
  AttachThingPrincipal: {
    authorize: (_input, call) => on(call, "AttachThingPrincipal"),
    run: (input, call) => {
      thingOf(call, input.thingName).principals.add(principalOf(call, input.principal));
      return {};
    },
  },
  DetachThingPrincipal: {
    authorize: (_input, call) => on(call, "DetachThingPrincipal"),
    run: (input, call) => {
      const principal = principalOf(call, input.principal);
      // What AWS says to a principal that isn't attached is not confirmed.
      if (!thingOf(call, input.thingName).principals.delete(principal))
        throw notFound("On the thing, the principal", principal);
      return {};
    },
  },
  ListThingPrincipals: {
    authorize: (_input, call) => on(call, "ListThingPrincipals"),
    run: (input, call) => {
      const mine = [...thingOf(call, input.thingName).principals].map((principal, serial) => ({ principal, serial }));
      const { items, nextToken } = page(mine, input);
      return { principals: items.map(({ principal }) => principal), nextToken };
    },
  },
});
