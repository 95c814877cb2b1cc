// Root module for mocha (--require). What Pulumi makes for whoever debugs it takes most of the time that a program
// takes here, and nobody looks at it: a stack trace and two more promises for each of its promises, four per output of
// each resource; where each resource was declared, which an engine shows; all outputs of each resource as a text, for a
// log that isn't written. PULUMI_DEBUG_PROMISE_LEAKS leaves all of it as it is.
import { createRequire } from "node:module";

interface Debuggable {
  debugPromiseLeaks: boolean;
  debuggablePromise: <T>(promise: Promise<T>) => Promise<T>;
}
interface Modules {
  readonly "runtime/debuggable.js": Debuggable;
  readonly "resource.js": { readonly Resource: { stackTrace: () => readonly never[] } };
  readonly "proto/resource_pb.js": { readonly RegisterResourceResponse: { readonly prototype: object } };
}

const require = createRequire(import.meta.url);
const inside = <Path extends keyof Modules>(path: Path) => require(`@pulumi/pulumi/${path}`) as Modules[Path];

const debuggable = inside("runtime/debuggable.js");
if (!debuggable.debugPromiseLeaks) {
  debuggable.debuggablePromise = (promise) => promise;
  inside("resource.js").Resource.stackTrace = () => [];
  inside("proto/resource_pb.js").RegisterResourceResponse.prototype.toString = () => "a resource";
}
