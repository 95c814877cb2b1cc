// The ways in which the thing can come to be. What CloudTrail records of those other than CreateThing isn't documented:
// a run on a real account tells.
import { CreateThingCommand, type IoTClient, RegisterThingCommand } from "@aws-sdk/client-iot";

export const PATH_NAMES = ["create-thing", "register-thing", "bulk"] as const;
export type PathName = (typeof PATH_NAMES)[number];

export interface NewThing {
  readonly thingName: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Path {
  readonly name: PathName;
  /** The call that makes the thing, by CloudTrail's name of it. */
  readonly call: string;
  /** @throws what the SDK throws */
  readonly make: (iot: IoTClient, thing: NewThing) => Promise<Made>;
}

/** What there is of the way beside the thing. */
export interface Made {
  /** What AWS says became of it, as a sentence. @throws what the SDK throws */
  readonly state?: () => Promise<string>;
  /** What else was made. */
  readonly extra?: {
    readonly name: string;
    /** @throws what the SDK throws */
    readonly remove: () => Promise<unknown>;
  };
}

/** «Provisioning templates», AWS IoT Core Developer Guide: one of a thing with these attributes, and no more. */
export const templateOf = ({ attributes }: NewThing): string =>
  JSON.stringify({
    Parameters: { ThingName: { Type: "String" } },
    Resources: {
      thing: {
        Type: "AWS::IoT::Thing",
        Properties: { ThingName: { Ref: "ThingName" }, AttributePayload: attributes },
      },
    },
  });

export const CREATE_THING: Path = {
  name: "create-thing",
  call: "CreateThing",
  make: async (iot, { thingName, attributes }) => {
    await iot.send(new CreateThingCommand({ thingName, attributePayload: { attributes: { ...attributes } } }));
    return {};
  },
};

export const REGISTER_THING: Path = {
  name: "register-thing",
  call: "RegisterThing",
  make: async (iot, thing) => {
    const parameters = { ThingName: thing.thingName };
    await iot.send(new RegisterThingCommand({ templateBody: templateOf(thing), parameters }));
    return {};
  },
};
