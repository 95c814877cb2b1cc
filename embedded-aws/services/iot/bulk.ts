// Bulk registration («Bulk registration», AWS IoT Core Developer Guide): each line of a file in S3 has the parameters
// of a provisioning template. It is read, and things are registered, as the role that the task is given. Not confirmed:
// that the things are registered by calls of RegisterThing which CloudTrail records, and what a task says that failed.
import type { IoT } from "@aws-sdk/client-iot";
import { messageOf } from "../../core/errors.ts";
import type { Caller } from "../../core/identity.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { childSpan } from "../../core/trace.ts";
import { assume, IOT } from "./actions.ts";
import { notFound, on } from "./checks.ts";

interface Given {
  readonly templateBody: string;
  readonly inputFileBucket: string;
  readonly inputFileKey: string;
  readonly roleArn: string;
}
interface Task extends Given {
  readonly taskId: string;
  readonly creationDate: Date;
  lastModifiedDate: Date;
  status: "InProgress" | "Completed" | "Failed";
  message: string | undefined;
  successCount: number;
  failureCount: number;
}
const TASKS = stateOf("iot registration tasks", () => new Map<string, Task>());

/** One of its calls, as the role. */
const callAs = (call: Call, caller: Caller, service: string, operation: string, input: object): Promise<unknown> =>
  call.cloud.call({
    ...{ service, operation, input, caller },
    ...{ account: call.account, region: call.region, cause: childSpan(call.span) },
  });

async function registerAll(call: Call, task: Task): Promise<void> {
  const { inputFileBucket: Bucket, inputFileKey: Key, roleArn, templateBody } = task;
  const caller = await assume(
    { cloud: call.cloud, place: call, span: call.span, source: roleArn, session: `task-${task.taskId}` },
    roleArn,
  );
  const { Body } = (await callAs(call, caller, "s3", "GetObject", { Bucket, Key })) as { readonly Body: Uint8Array };
  for (const line of Buffer.from(Body).toString().split("\n").filter(Boolean))
    try {
      const parameters = JSON.parse(line) as Record<string, string>;
      await callAs(call, caller, "iot", "RegisterThing", { templateBody, parameters });
      task.successCount++;
    } catch (error) {
      task.failureCount++;
      task.message = messageOf(error);
    }
}

export const REGISTRATION_TASKS = operations<IoT>({
  StartThingRegistrationTask: {
    authorize: ({ roleArn = "" }, call) => [
      on(call, "StartThingRegistrationTask"),
      { action: "iam:PassRole", resource: roleArn, context: { "iam:PassedToService": IOT } },
    ],
    run: ({ templateBody = "", inputFileBucket = "", inputFileKey = "", roleArn = "" }, call) => {
      const { cloud, account, region, span, time } = call;
      const task: Task = {
        ...{ templateBody, inputFileBucket, inputFileKey, roleArn, taskId: uuid() },
        ...{ creationDate: time, lastModifiedDate: time, status: "InProgress" },
        ...{ message: undefined, successCount: 0, failureCount: 0 },
      };
      cloud.state(TASKS, call).set(task.taskId, task);
      const ended = (status: Task["status"], message = task.message) => {
        Object.assign(task, { status, message, lastModifiedDate: new Date(cloud.clock.now()) });
      };
      const work = () =>
        registerAll(call, task).then(
          () => {
            ended("Completed");
          },
          (error: unknown) => {
            ended("Failed", messageOf(error));
          },
        );
      cloud.background(work, { span: childSpan(span), account, region, service: "iot", name: "RegistrationTask" });
      return { taskId: task.taskId };
    },
  },
  DescribeThingRegistrationTask: {
    authorize: (_input, call) => on(call, "DescribeThingRegistrationTask"),
    run: ({ taskId = "" }, call) => {
      const task = call.cloud.state(TASKS, call).get(taskId);
      if (!task) throw notFound("The registration task", taskId);
      return { ...task, percentageProgress: task.status === "Completed" ? 100 : 0 };
    },
  },
});
