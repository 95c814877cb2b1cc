// Run by bench/engine.ts, in a process of its own: what it takes to load Pulumi's packages alone, or to evaluate both
// programs under mocks. Prints milliseconds since the process began; for the programs without the bundling, which it
// prints apart.
import * as pulumi from "@pulumi/pulumi";
// Also where nothing uses it: this is what every program of the kind pays for.
import "@pulumi/aws";

async function evaluate(project: string, program: () => Promise<unknown>, config: Record<string, string>) {
  pulumi.runtime.setAllConfig({ "aws:region": "us-east-1", ...config });
  const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => {
    const arn = `arn:aws:service:us-east-1:111111111111:${name}`;
    return { id: name, state: { name, arn, version: "1", qualifiedArn: `${arn}:1`, ...(inputs as object) } };
  };
  const call = () => ({ endpointAddress: "example-ats.iot.us-east-1.amazonaws.com" });
  await pulumi.runtime.setMocks({ newResource, call }, project, "dev", false, "organization");
  await pulumi.runtime.runInPulumiStack(program);
  await pulumi.runtime.disconnect();
}

let bundling = 0;
if (process.argv[2] === "programs") {
  const { announceBundle } = await import("../customer/announce-function.ts");
  const { customerProgram } = await import("../customer/program.ts");
  const { defaultReceiveBundle } = await import("../partner/own-code.ts");
  const { partnerProgram } = await import("../partner/program.ts");
  const began = performance.now();
  await Promise.all([announceBundle(), defaultReceiveBundle(false)]);
  bundling = performance.now() - began;
  await evaluate("iot-hooks-customer", customerProgram, {
    "iot-hooks-customer:accountId": "111111111111",
    "iot-hooks-customer:partnerAccountId": "222222222222",
  });
  await evaluate("iot-hooks-partner", partnerProgram, {
    "iot-hooks-partner:accountId": "222222222222",
    "iot-hooks-partner:customers": JSON.stringify([
      "arn:aws:iam::111111111111:role/publish-to-partner-role-222222222222",
    ]),
  });
}
console.log(JSON.stringify({ took: performance.now() - bundling, bundling }));
