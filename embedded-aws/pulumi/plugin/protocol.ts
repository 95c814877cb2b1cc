// pulumirpc.ResourceProvider: messages to plain values and back. What isn't here, gRPC answers with UNIMPLEMENTED.
import { createRequire } from "node:module";
import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "../resource.ts";
import type { Change } from "./changes.ts";
import type { AwsProvider } from "./provider.ts";

// The generated stubs have no types that an ESM import could use as they are.
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access */
/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-assignment */
/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-explicit-any */
/* eslint-disable @typescript-eslint/no-unnecessary-type-assertion */
type Message = any;

/** It stands in for the provider of the SDK that the programs use. */
const VERSION = (createRequire(import.meta.url)("@pulumi/aws/package.json") as { version: string }).version;

const { Struct } = struct as Message;
const { Empty } = empty as Message;
const pb = messages as Message;

/** protobuf has no undefined. */
const packed = (value: Properties): Message => Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));
const plain = (value: Message): Properties => (value?.toJavaScript() ?? {}) as Properties;
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
const sentence = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // AWS's errors have their code as name.
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
};

function kindOf({ kind, replaces }: Change): number {
  const kinds = pb.PropertyDiff.Kind;
  return kinds[`${kind.toUpperCase()}${replaces ? "_REPLACE" : ""}`];
}

/** The provider's configuration: whatever isn't a text is JSON text. */
const configOf = (request: Message): Properties => plain(request.getArgs());

const methods = (aws: AwsProvider): Record<string, (request: Message) => unknown> => ({
  handshake: () => new pb.ProviderHandshakeResponse(),
  getPluginInfo: () => new (plugin as Message).PluginInfo().setVersion(VERSION),
  getSchema: () => new pb.GetSchemaResponse().setSchema("{}"),
  checkConfig: (request) => new pb.CheckResponse().setInputs(request.getNews()),
  diffConfig(request) {
    const [olds, news] = [plain(request.getOldInputs()), plain(request.getNews())];
    const changed = JSON.stringify(olds) !== JSON.stringify(news);
    // Resources of another Region are others.
    const replaces = olds.region !== news.region ? ["region"] : [];
    return new pb.DiffResponse()
      .setChanges(changed ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE)
      .setReplacesList(replaces);
  },
  async configure(request) {
    await aws.configure(configOf(request));
    return new pb.ConfigureResponse().setSupportspreview(true).setAcceptsecrets(false);
  },
  check(request) {
    const urn: string = request.getUrn();
    const olds = request.hasOlds() ? plain(request.getOlds()) : undefined;
    const news = plain(request.getNews());
    try {
      const inputs = aws.check(typeOf(urn), nameOf(urn), news, olds, request.getRandomseed_asU8());
      return new pb.CheckResponse().setInputs(packed(inputs));
    } catch (error) {
      return new pb.CheckResponse().setFailuresList([new pb.CheckFailure().setReason(sentence(error))]);
    }
  },
  diff(request) {
    const { changes, deleteBeforeReplace } = aws.diff(
      typeOf(request.getUrn()),
      plain(request.getOldInputs()),
      plain(request.getNews()),
    );
    const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
    const response = new pb.DiffResponse()
      .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(changes.map(({ property }) => property))
      .setReplacesList(changes.filter(({ replaces }) => replaces).map(({ property }) => property))
      .setDeletebeforereplace(deleteBeforeReplace)
      .setHasdetaileddiff(true);
    for (const change of changes) {
      response
        .getDetaileddiffMap()
        .set(change.property, new pb.PropertyDiff().setKind(kindOf(change)).setInputdiff(true));
    }
    return response;
  },
  async create(request) {
    const { id, state } = await aws.create(
      typeOf(request.getUrn()),
      plain(request.getProperties()),
      request.getPreview(),
    );
    return new pb.CreateResponse().setId(id).setProperties(packed(state));
  },
  async read(request) {
    const type = typeOf(request.getUrn());
    const inputs = plain(request.getInputs());
    // An import knows nothing but the id.
    const found =
      Object.keys(inputs).length > 0
        ? await aws.read(type, request.getId(), inputs, plain(request.getProperties()))
        : await aws.import(type, request.getId());
    // Without an id: it is gone.
    if (!found) return new pb.ReadResponse();
    return new pb.ReadResponse().setId(found.id).setInputs(packed(found.inputs)).setProperties(packed(found.state));
  },
  async update(request) {
    const state = await aws.update(
      typeOf(request.getUrn()),
      request.getId(),
      plain(request.getNews()),
      plain(request.getOlds()),
      request.getPreview(),
    );
    return new pb.UpdateResponse().setProperties(packed(state));
  },
  async delete(request) {
    await aws.delete(typeOf(request.getUrn()), request.getId(), plain(request.getProperties()));
    return new Empty();
  },
  async invoke(request) {
    return new pb.InvokeResponse().setReturn(packed(await aws.invoke(request.getTok(), plain(request.getArgs()))));
  },
  attach: () => new Empty(),
  // Calls take milliseconds: the engine waits for them and ends this process itself.
  cancel: () => new Empty(),
});

/** The service for gRPC, and a wait for the calls that are under way. */
export function implementation(aws: AwsProvider): {
  readonly service: grpc.UntypedServiceImplementation;
  readonly settled: () => Promise<unknown>;
} {
  const underway = new Set<Promise<void>>();
  const service = Object.fromEntries(
    Object.entries(methods(aws)).map(([name, method]) => [
      name,
      (call: { request: Message }, reply: grpc.sendUnaryData<unknown>) => {
        const done = new Promise((resolve) => {
          resolve(method(call.request));
        })
          .then(
            (response: unknown) => {
              reply(null, response as Message);
            },
            (error: unknown) => {
              reply({ code: grpc.status.UNKNOWN, message: sentence(error) });
            },
          )
          .finally(() => underway.delete(done));
        underway.add(done);
      },
    ]),
  );
  return { service, settled: () => Promise.all(underway) };
}
