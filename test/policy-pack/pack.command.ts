// The pack as the engine loads it: in Pulumi's own host for policy packs, asked over gRPC.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import type * as Grpc from "@grpc/grpc-js";
import type * as EmptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type * as StructPb from "google-protobuf/google/protobuf/struct_pb.js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { RULES, STACK_RULES } from "../../policy-pack/rules.ts";

const pulumi = createRequire(import.meta.url).resolve("@pulumi/pulumi");
// As Pulumi itself finds them: they are its dependencies, not ours.
const pulumiRequires = createRequire(pulumi);
const grpc = pulumiRequires("@grpc/grpc-js") as typeof Grpc;
const { Empty } = pulumiRequires("google-protobuf/google/protobuf/empty_pb.js") as typeof EmptyPb;
const { Struct } = pulumiRequires("google-protobuf/google/protobuf/struct_pb.js") as typeof StructPb;
const HOST = join(pulumi, "..", "cmd", "run-policy-pack", "index.js");
const PACK = join(import.meta.dirname, "..", "..", "policy-pack");

describe("the policy pack", () => {
  let host: ChildProcess;
  let client: InstanceType<typeof analyzerGrpc.AnalyzerClient>;

  before(async function () {
    this.timeout(30_000);
    // The engine's address is only used for logging.
    host = spawn(process.execPath, [HOST, "127.0.0.1:1", PACK], { cwd: PACK, stdio: ["ignore", "pipe", "inherit"] });
    const [port] = (await once(host.stdout ?? host, "data")) as [Buffer];
    client = new analyzerGrpc.AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, grpc.credentials.createInsecure());
  });
  after(async () => {
    const ended = once(host, "exit");
    host.kill();
    await ended;
    client.close();
  });

  function analyze(type: string, properties: object): Promise<{ policy: string; message: string; level: number }[]> {
    const request = new analyzer.AnalyzeRequest();
    request.setType(type);
    request.setName("bad");
    request.setUrn(`urn:pulumi:dev::customer::${type}::bad`);
    request.setProperties(Struct.fromJavaScript(properties as Record<string, StructPb.JavaScriptValue>));
    const options = new analyzer.AnalyzerResourceOptions();
    options.setCustomtimeouts(new analyzer.AnalyzerResourceOptions.CustomTimeouts());
    request.setOptions(options);
    return new Promise((resolve, reject) => {
      client.analyze(request, (error, response) => {
        if (error) reject(error);
        else
          resolve(
            response.getDiagnosticsList().map((found) => ({
              policy: found.getPolicyname(),
              message: found.getMessage(),
              level: found.getEnforcementlevel(),
            })),
          );
      });
    });
  }

  it("has every rule, and its description", async () => {
    const policies = await new Promise<[string, string][]>((resolve, reject) => {
      client.getAnalyzerInfo(new Empty(), (error, info) => {
        if (error) reject(error);
        else resolve(info.getPoliciesList().map((policy) => [policy.getName(), policy.getDescription()]));
      });
    });
    expect(policies).to.deep.equal([...RULES, ...STACK_RULES].map(({ name, description }) => [name, description]));
  });

  it("stops an update that breaks a rule", async () => {
    const found = await analyze("aws:cloudwatch/logGroup:LogGroup", { name: "g", retentionInDays: 0 });
    expect(found.map(({ policy, level }) => [policy, level])).to.deep.equal([
      ["log-group-retention", analyzer.EnforcementLevel.MANDATORY],
    ]);
    expect(found[0]?.message).to.contain("set a number of days");
  });

  it("lets a resource pass that breaks none", async () => {
    expect(await analyze("aws:cloudwatch/logGroup:LogGroup", { name: "g", retentionInDays: 30 })).to.deep.equal([]);
  });
});
