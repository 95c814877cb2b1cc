// Principals of things. AWS knows X.509 certificates and Cognito identities; here only certificates that clients
// bring along (RegisterCertificateWithoutCA): nothing connects by MQTT here, so that no keys, authorities or policies
// on certificates are needed.
import { X509Certificate } from "node:crypto";
import type { IoT } from "@aws-sdk/client-iot";
import { arn } from "../../core/arn.ts";
import { AwsError, messageOf, notModelled } from "../../core/errors.ts";
import { operations, type Call } from "../../core/service.ts";
import { invalid, notFound, on, page } from "./checks.ts";
import { REGISTRY, type Certificate } from "./state.ts";
import { thingOf } from "./things.ts";

function certificateOf(call: Call, certificateArn: string): Certificate {
  const certificate = call.cloud.state(REGISTRY, call).certificates.get(certificateArn);
  if (!certificate) throw notFound("The certificate", certificateArn);
  return certificate;
}
const byId = (call: Call, id: string | undefined) => certificateOf(call, arn("iot", call, `cert/${id ?? ""}`));

/** Throws for a principal that isn't a certificate known here. */
function principalOf(call: Call, principal: string | undefined): Certificate {
  const text = principal ?? "";
  if (/^[a-z0-9-]+:[0-9a-f-]{36}$/.test(text)) throw notModelled(`The Cognito identity ${text} as a principal`);
  if (!/^arn:[^:]+:iot:[^:]*:\d{12}:cert\/[0-9a-f]{64}$/.test(text))
    throw invalid(`A principal is the ARN of a certificate or a Cognito identity, which "${text}" is not.`);
  return certificateOf(call, text);
}

function statusOf(status: string): Certificate["status"] {
  if (status === "ACTIVE" || status === "INACTIVE") return status;
  throw notModelled(`The status ${status} of a certificate`);
}

/**
 * The certificate's id is the SHA-256 of its DER form, its «thumbprint». Throws CertificateValidationException for
 * what isn't one.
 */
function read(pem: string): { id: string; certificate: X509Certificate } {
  try {
    const certificate = new X509Certificate(pem);
    return { id: certificate.fingerprint256.replaceAll(":", "").toLowerCase(), certificate };
  } catch (error) {
    throw new AwsError("CertificateValidationException", `The certificate can't be read: ${messageOf(error)}`);
  }
}

export const PRINCIPALS = operations<IoT>({
  RegisterCertificateWithoutCA: {
    authorize: (_input, call) => on(call, "RegisterCertificateWithoutCA"),
    run: (input, call) => {
      const { certificates, nextSerial } = call.cloud.state(REGISTRY, call);
      const pem = input.certificatePem ?? "";
      const { id } = read(pem);
      const certificateArn = arn("iot", call, `cert/${id}`);
      if (certificates.has(certificateArn))
        throw new AwsError("ResourceAlreadyExistsException", "The certificate is already registered.", {
          fields: { resourceId: id, resourceArn: certificateArn },
        });
      certificates.set(certificateArn, {
        serial: nextSerial(),
        id,
        arn: certificateArn,
        pem,
        // Which status it gets without one is not confirmed.
        status: statusOf(input.status ?? "INACTIVE"),
        createdAt: call.time,
        updatedAt: call.time,
        things: new Set(),
      });
      return { certificateArn, certificateId: id };
    },
  },
  DescribeCertificate: {
    authorize: (input, call) => on(call, "DescribeCertificate", `cert/${input.certificateId ?? ""}`),
    run: (input, call) => {
      const { id, arn: certificateArn, pem, status, createdAt, updatedAt } = byId(call, input.certificateId);
      const { certificate } = read(pem);
      return {
        certificateDescription: {
          certificateArn,
          certificateId: id,
          certificatePem: pem,
          certificateMode: "SNI_ONLY",
          status,
          ownedBy: call.account,
          creationDate: createdAt,
          lastModifiedDate: updatedAt,
          validity: { notBefore: certificate.validFromDate, notAfter: certificate.validToDate },
        },
      };
    },
  },
  UpdateCertificate: {
    authorize: (input, call) => on(call, "UpdateCertificate", `cert/${input.certificateId ?? ""}`),
    run: (input, call) => {
      const certificate = byId(call, input.certificateId);
      certificate.status = statusOf(input.newStatus ?? "");
      certificate.updatedAt = call.time;
      return {};
    },
  },
  DeleteCertificate: {
    authorize: (input, call) => on(call, "DeleteCertificate", `cert/${input.certificateId ?? ""}`),
    run: (input, call) => {
      const certificate = byId(call, input.certificateId);
      if (certificate.things.size > 0)
        throw new AwsError(
          "DeleteConflictException",
          `Things must be detached before deletion (arn: ${certificate.arn})`,
        );
      if (certificate.status === "ACTIVE")
        throw new AwsError(
          "CertificateStateException",
          `Certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificate.id}`,
        );
      call.cloud.state(REGISTRY, call).certificates.delete(certificate.arn);
      return {};
    },
  },
  AttachThingPrincipal: {
    authorize: (_input, call) => on(call, "AttachThingPrincipal"),
    run: (input, call) => {
      const thing = thingOf(call, input.thingName);
      const certificate = principalOf(call, input.principal);
      const type = input.thingPrincipalType ?? "NON_EXCLUSIVE_THING";
      const { things } = call.cloud.state(REGISTRY, call);
      const others = [...certificate.things].filter((name) => name !== thing.name);
      const taken = others.some((name) => things.get(name)?.principals.get(certificate.arn) === "EXCLUSIVE_THING");
      if (taken || (type === "EXCLUSIVE_THING" && others.length > 0))
        throw invalid(`The principal is attached to ${others.join(", ")}, so ${thing.name} can't have it as well.`);
      thing.principals.set(certificate.arn, type);
      certificate.things.add(thing.name);
      return {};
    },
  },
  DetachThingPrincipal: {
    authorize: (_input, call) => on(call, "DetachThingPrincipal"),
    run: (input, call) => {
      const thing = thingOf(call, input.thingName);
      const certificate = principalOf(call, input.principal);
      // What AWS says to a principal that isn't attached is not confirmed.
      if (!thing.principals.delete(certificate.arn)) throw notFound("On the thing, the principal", certificate.arn);
      certificate.things.delete(thing.name);
      return {};
    },
  },
  ListThingPrincipals: {
    authorize: (_input, call) => on(call, "ListThingPrincipals"),
    run: (input, call) => {
      const mine = [...thingOf(call, input.thingName).principals.keys()].map((key) => certificateOf(call, key));
      const { items, nextToken } = page(
        mine.sort((a, b) => a.serial - b.serial),
        input,
      );
      return { principals: items.map((certificate) => certificate.arn), nextToken };
    },
  },
  ListPrincipalThings: {
    authorize: (_input, call) => on(call, "ListPrincipalThings"),
    run: (input, call) => {
      const names = [...principalOf(call, input.principal).things];
      const things = names.map((name) => thingOf(call, name)).sort((a, b) => a.serial - b.serial);
      const { items, nextToken } = page(things, input);
      return { things: items.map(({ name }) => name), nextToken };
    },
  },
});
