// Things that are made by a provisioning template («Provisioning templates», «Single thing provisioning»). Only things:
// certificates and policies are refused, as nothing connects here. Not confirmed: that the only record of such a thing
// in CloudTrail is that of RegisterThing, with the request as it was sent, and that the caller needs no
// iot:CreateThing.
import type { IoT } from "@aws-sdk/client-iot";
import { notModelled } from "../../core/errors.ts";
import { operations, type Call } from "../../core/service.ts";
import { invalid, on } from "./checks.ts";
import { REGISTRY } from "./state.ts";
import { createThing } from "./things.ts";

type Json = Readonly<Record<string, unknown>>;
type Parameters = Readonly<Record<string, string>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const THING = "AWS::IoT::Thing";
const PROPERTIES = ["ThingName", "AttributePayload", "ThingTypeName", "BillingGroup"];

/** A template, as far as it is one. The words of what is refused are not confirmed. */
function sectionsOf(templateBody: string): { readonly declared: Json; readonly resources: Json } {
  let template: unknown;
  try {
    template = JSON.parse(templateBody);
  } catch {
    throw invalid("The provisioning template is no JSON.");
  }
  const { Parameters = {}, Resources } = isObject(template) ? template : {};
  if (!isObject(Parameters) || !isObject(Resources))
    throw invalid("A provisioning template has Resources, and may have Parameters.");
  return { declared: Parameters, resources: Resources };
}

/** «Parameters section»: what isn't given has its default. */
function valueOf(value: unknown, declared: Json, given: Parameters): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  const name = isObject(value) ? value["Ref"] : undefined;
  const parameter = typeof name === "string" && Object.hasOwn(declared, name) ? declared[name] : undefined;
  if (typeof name !== "string" || !isObject(parameter))
    throw invalid(`A value of a provisioning template is a text, or a Ref to one of its parameters: ${inShort(value)}`);
  const standard = parameter["Default"];
  if (Object.hasOwn(given, name)) return given[name];
  return typeof standard === "string" ? standard : undefined;
}

const inShort = (value: unknown): string => JSON.stringify(value).slice(0, 100);

/** The resources of a template by their logical names: ARNs of what was made, or was there alike. */
export function register(call: Call, templateBody: string, given: Parameters): Record<string, string> {
  const { declared, resources } = sectionsOf(templateBody);
  return Object.fromEntries(
    Object.entries(resources).map(([logicalName, resource]): [string, string] => {
      const { Type, Properties: properties = {}, ...more } = isObject(resource) ? resource : {};
      if (Type !== THING) throw notModelled(`The resource ${inShort(Type ?? null)} of a provisioning template`);
      if (!isObject(properties)) throw invalid(`The properties of ${logicalName} are no object.`);
      const unknown = [...Object.keys(more), ...Object.keys(properties).filter((name) => !PROPERTIES.includes(name))];
      if (unknown[0] !== undefined) throw notModelled(`${unknown[0]} in a provisioning template`);
      return [logicalName, thingOf(call, properties, (value) => valueOf(value, declared, given))];
    }),
  );
}

/** What becomes of a thing that is there otherwise OverrideSettings would say, which aren't modelled. */
function thingOf(call: Call, properties: Json, valueOf: (value: unknown) => string | undefined): string {
  const name = valueOf(properties["ThingName"]);
  if (name === undefined) throw invalid("The ThingName of a provisioning template has no value.");
  const payload = properties["AttributePayload"] ?? {};
  if (!isObject(payload)) throw invalid("The AttributePayload of a provisioning template is no object.");
  const attributes = Object.entries(payload).flatMap(([key, value]) => {
    const text = valueOf(value);
    return text === undefined ? [] : [[key, text] as const];
  });
  const existing = call.cloud.state(REGISTRY, call).things.has(name);
  if (existing) throw notModelled(`A provisioning template over the thing ${name}, which is there,`);
  const thing = createThing(call, {
    name,
    typeName: valueOf(properties["ThingTypeName"]),
    billingGroup: valueOf(properties["BillingGroup"]),
    attributes: Object.fromEntries(attributes),
  });
  return thing.arn;
}

export const PROVISIONING = operations<IoT>({
  RegisterThing: {
    authorize: (_input, call) => on(call, "RegisterThing"),
    run: ({ templateBody = "", parameters = {} }, call) => ({
      resourceArns: register(call, templateBody, parameters),
    }),
  },
});
