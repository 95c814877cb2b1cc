// The plugin's process as Pulumi starts it (its Node language host runs this command), and a client of it, as the
// engine is one.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import type * as Stubs from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type * as Messages from "@pulumi/pulumi/proto/provider_pb.js";

const require = createRequire(import.meta.url);
// The generated modules tell an import of ES modules of no names.
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js") as typeof Stubs;
const { GetSchemaRequest } = require("@pulumi/pulumi/proto/provider_pb.js") as typeof Messages;

const PLUGIN = join(import.meta.dirname, "..", "..", "plugin");

export interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Property;
  readonly additionalProperties?: Property;
  readonly plain?: boolean;
  readonly description?: string;
}
export type Properties = Readonly<Record<string, Property>>;

/** Pulumi's package schema, as far as it is read here. */
export interface Schema {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly resources: Readonly<
    Record<
      string,
      {
        readonly isComponent: boolean;
        readonly description: string;
        readonly inputProperties: Properties;
        readonly requiredInputs: readonly string[];
        readonly properties: Properties;
        readonly required: readonly string[];
      }
    >
  >;
  readonly types: Readonly<Record<string, { readonly properties: Properties; readonly required: readonly string[] }>>;
}

/**
 * Asks a new plugin process for its schema, and ends it. Rejects with what it printed where it ends before it
 * answers.
 */
export async function schemaOfPlugin(): Promise<Schema> {
  const runPlugin = require.resolve("@pulumi/pulumi/cmd/run-plugin");
  // The engine's address: a schema is given without a word to it.
  const child = spawn(process.execPath, [runPlugin, PLUGIN, "127.0.0.1:1"], { stdio: ["ignore", "pipe", "pipe"] });
  const printed: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  const ended = new Promise<never>((_, fail) => {
    child.once("error", fail).once("exit", (code) => {
      fail(new Error(`The plugin's process ended with ${code ?? "a signal"}: ${printed.join("")}`));
    });
  });
  const answered = (async () => {
    const port = await new Promise<string>((line) => createInterface(child.stdout).once("line", line));
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const text = await new Promise<string>((resolve, reject) => {
      client.getSchema(new GetSchemaRequest(), (error, answer) => {
        if (error) reject(error);
        else resolve(answer.getSchema());
      });
    });
    client.close();
    return JSON.parse(text) as Schema;
  })();
  try {
    return await Promise.race([answered, ended]);
  } finally {
    child.removeAllListeners("exit").kill();
  }
}
