// What the launcher `pulumi-resource-aws` runs: Pulumi's provider protocol for "aws" over the embedded AWS. The
// engine starts one process per provider instance, and reads the port from the first line. SDK clients are loaded
// when they are first needed: an import would delay every start.
import grpc from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { AwsProvider } from "./provider.ts";
import { implementation } from "./protocol.ts";

/** Between two looks at whether the engine is still there. One that was killed can't say goodbye. */
const WATCH_MS = 250;
/** A message holds a function's code. */
const MAX_MESSAGE = 400 << 20;

const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(0);
}, WATCH_MS);
const { service, settled } = implementation(new AwsProvider());
const server = new grpc.Server({ "grpc.max_receive_message_length": MAX_MESSAGE });
server.addService(provider.ResourceProviderService, service);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
// How the engine ends a provider: SIGINT, and after five seconds SIGKILL. A terminal's Ctrl-C doesn't come here, as
// plugins have a process group of their own (pulumi/pulumi, sdk/go/common/util/cmdutil). What is under way is done
// first. The engine's connection stays open until this process ends, so that gRPC's own graceful shutdown would wait
// for ever.
process.once("SIGINT", () => {
  void settled().then(() => process.exit(0));
});
