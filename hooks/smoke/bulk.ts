// Bulk registration of one thing («Bulk registration», AWS IoT Core Developer Guide): its line lies in S3, and AWS IoT
// reads it and makes the thing as a role that it is given.
import { DescribeThingRegistrationTaskCommand, StartThingRegistrationTaskCommand } from "@aws-sdk/client-iot";
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type Path, templateOf } from "./paths.ts";

export interface BulkArgs {
  readonly s3: S3Client;
  /** In the customer's account, and the Region of its registry. */
  readonly bucket: string;
  /** The role that AWS IoT assumes: to read the object, and to register things. */
  readonly roleArn: string;
}

export const bulk = ({ s3, bucket: Bucket, roleArn }: BulkArgs): Path => ({
  name: "bulk",
  call: "StartThingRegistrationTask",
  make: async (iot, thing) => {
    const Key = `${thing.thingName}.json`;
    const remove = () => s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: `${JSON.stringify({ ThingName: thing.thingName })}\n` }));
    const task = { templateBody: templateOf(thing), inputFileBucket: Bucket, inputFileKey: Key, roleArn };
    const { taskId } = await iot.send(new StartThingRegistrationTaskCommand(task)).catch(async (error: unknown) => {
      await remove();
      throw error;
    });
    return {
      state: async () => {
        const told = await iot.send(new DescribeThingRegistrationTaskCommand({ taskId }));
        const why = told.message === undefined ? "" : `: ${told.message}`;
        return `AWS IoT says of the task: ${told.status ?? "nothing"}, ${told.successCount ?? 0} made${why}.`;
      },
      extra: { name: `s3://${Bucket}/${Key}`, remove },
    };
  },
});
