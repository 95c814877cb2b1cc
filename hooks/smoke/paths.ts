// The ways in which the thing can come to be. What CloudTrail records of those other than CreateThing isn't documented:
// a run on a real account tells.
import { CreateThingCommand, type IoTClient, RegisterThingCommand } from "@aws-sdk/client-iot";

export const PATH_NAMES = ["create-thing", "register-thing"] as const;
export type PathName = (typeof PATH_NAMES)[number];

export interface NewThing {
  readonly thingName: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Path {
  /** The call that makes the thing, by CloudTrail's name of it. */
  readonly call: string;
  /** @throws what the SDK throws */
  readonly make: (iot: IoTClient, thing: NewThing) => Promise<unknown>;
}

/** «Provisioning templates», AWS IoT Core Developer Guide: one of a thing with these attributes, and no more. */
const templateOf = ({ attributes }: NewThing): string =>
  JSON.stringify({
    Parameters: { ThingName: { Type: "String" } },
    Resources: {
      thing: {
        Type: "AWS::IoT::Thing",
        Properties: { ThingName: { Ref: "ThingName" }, AttributePayload: attributes },
      },
    },
  });

export const PATHS: Readonly<Record<PathName, Path>> = {
  "create-thing": {
    call: "CreateThing",
    make: (iot, { thingName, attributes }) =>
      iot.send(new CreateThingCommand({ thingName, attributePayload: { attributes: { ...attributes } } })),
  },
  "register-thing": {
    call: "RegisterThing",
    make: (iot, thing) =>
      iot.send(
        new RegisterThingCommand({ templateBody: templateOf(thing), parameters: { ThingName: thing.thingName } }),
      ),
  },
};
