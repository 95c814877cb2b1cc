// IAM policy documents as typed objects, and the two statements that every function of ours has.
import type * as aws from "@pulumi/aws";

export type PolicyDocument = aws.types.input.iam.PolicyDocument;
export type Statement = aws.types.input.iam.PolicyStatement;

export const policyDocument = (...statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [...statements],
});

/**
 * Trust of an execution role. Lambda sends neither aws:SourceArn nor aws:SourceAccount when it assumes one, so no
 * condition is possible.
 */
export const lambdaTrust = (): PolicyDocument =>
  policyDocument({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" });

/**
 * The group itself is made by the program: a function that could create groups would bring back one without
 * retention.
 */
export const writeLogs = (logGroupArn: string): Statement => ({
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  // Log streams are named by Lambda when they are made.
  Resource: `${logGroupArn}:*`,
});
