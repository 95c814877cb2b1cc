package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	db "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

const trust = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"Service": "lambda.amazonaws.com", "AWS": "222222222222"}}]}`

const echo = `#!/bin/sh
while true; do
  headers=$(mktemp)
  event=$(curl -sS -D "$headers" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next") || exit 1
  id=$(tr -d '\r' < "$headers" | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  curl -sS -X POST -d "$event" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" > /dev/null
done
`

func steps(own, theirs aws.Config) []step {
	roles, things, functions := iam.NewFromConfig(own), iot.NewFromConfig(own), lambda.NewFromConfig(own)
	tables, queues := dynamodb.NewFromConfig(own), sqs.NewFromConfig(own)
	roleArn := fmt.Sprintf("arn:aws:iam::%s:role/go-client", customer)
	thing := func(ctx context.Context, name string) (*iot.CreateThingOutput, error) {
		return things.CreateThing(ctx, &iot.CreateThingInput{ThingName: &name})
	}
	return []step{
		{"waits for a role until it is there", func(ctx context.Context) error {
			asked := &iam.GetRoleInput{RoleName: aws.String("go-client")}
			made := make(chan error, 1)
			go func() {
				time.Sleep(2 * soon) // so that the waiter's first look comes too early
				_, err := roles.CreateRole(ctx, &iam.CreateRoleInput{
					RoleName: asked.RoleName, AssumeRolePolicyDocument: aws.String(trust),
				})
				made <- err
			}()
			quick := func(options *iam.RoleExistsWaiterOptions) { options.MinDelay, options.MaxDelay = soon, soon }
			if err := iam.NewRoleExistsWaiter(roles).Wait(ctx, asked, long, quick); err != nil {
				return err
			}
			return <-made
		}},
		{"reads the error of a role that isn't there by its type", func(ctx context.Context) error {
			_, err := roles.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("nobody")})
			var gone *iamtypes.NoSuchEntityException
			if !errors.As(err, &gone) {
				return fmt.Errorf("it is %v", err)
			}
			return nil
		}},
		{"waits until a function is active, and until it is updated", func(ctx context.Context) error {
			archive, err := zipped("bootstrap", echo)
			if err != nil {
				return err
			}
			name := aws.String("go-client")
			if _, err := functions.CreateFunction(ctx, &lambda.CreateFunctionInput{
				FunctionName: name, Role: &roleArn, Handler: aws.String("bootstrap"),
				Runtime: lambdatypes.RuntimeProvidedal2023, Code: &lambdatypes.FunctionCode{ZipFile: archive},
			}); err != nil {
				return err
			}
			asked := &lambda.GetFunctionInput{FunctionName: name}
			if err := lambda.NewFunctionActiveV2Waiter(functions).Wait(ctx, asked, long); err != nil {
				return err
			}
			if _, err := functions.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{
				FunctionName: name, Timeout: aws.Int32(20),
			}); err != nil {
				return err
			}
			return lambda.NewFunctionUpdatedV2Waiter(functions).Wait(ctx, asked, long)
		}},
		{"invokes it, and reads its answer", func(ctx context.Context) error {
			answer, err := functions.Invoke(ctx, &lambda.InvokeInput{
				FunctionName: aws.String("go-client"), Payload: []byte(`{"lamp":1}`),
			})
			if err != nil {
				return err
			}
			return expect("the payload", string(answer.Payload), `{"lamp":1}`)
		}},
		{"waits for a table, and until it is gone", func(ctx context.Context) error {
			name := aws.String("go-client")
			if _, err := tables.CreateTable(ctx, &dynamodb.CreateTableInput{
				TableName: name, BillingMode: db.BillingModePayPerRequest,
				AttributeDefinitions: []db.AttributeDefinition{
					{AttributeName: aws.String("id"), AttributeType: db.ScalarAttributeTypeS},
				},
				KeySchema: []db.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: db.KeyTypeHash}},
			}); err != nil {
				return err
			}
			asked := &dynamodb.DescribeTableInput{TableName: name}
			if err := dynamodb.NewTableExistsWaiter(tables).Wait(ctx, asked, long); err != nil {
				return err
			}
			if _, err := tables.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: name}); err != nil {
				return err
			}
			return dynamodb.NewTableNotExistsWaiter(tables).Wait(ctx, asked, long)
		}},
		{"pages through 25 things by 10", func(ctx context.Context) error {
			for number := range 25 {
				if _, err := thing(ctx, fmt.Sprintf("thing-%02d", number)); err != nil {
					return err
				}
			}
			seen, pages := map[string]bool{}, 0
			pager := iot.NewListThingsPaginator(things, &iot.ListThingsInput{MaxResults: aws.Int32(10)})
			for pager.HasMorePages() {
				page, err := pager.NextPage(ctx)
				if err != nil {
					return err
				}
				pages++
				for _, one := range page.Things {
					seen[*one.ThingName] = true
				}
			}
			return errors.Join(expect("things", len(seen), 25), expect("pages", pages, 3))
		}},
		{"pages through roles by 1", func(ctx context.Context) error {
			if _, err := roles.CreateRole(ctx, &iam.CreateRoleInput{
				RoleName: aws.String("go-client-2"), AssumeRolePolicyDocument: aws.String(trust),
			}); err != nil {
				return err
			}
			found := 0
			pager := iam.NewListRolesPaginator(roles, &iam.ListRolesInput{MaxItems: aws.Int32(1)})
			for pager.HasMorePages() {
				page, err := pager.NextPage(ctx)
				if err != nil {
					return err
				}
				found += len(page.Roles)
			}
			return expect("roles", found, 2)
		}},
		{"tries again by itself when it is throttled", func(ctx context.Context) error {
			return triedAgain(ctx, things, "throttle")
		}},
		{"tries again by itself when it is answered with a 500", func(ctx context.Context) error {
			return triedAgain(ctx, things, "error")
		}},
		{"tries again by itself when it is cut off", func(ctx context.Context) error {
			return triedAgain(ctx, things, "drop")
		}},
		{"gives up after its three attempts, with the service's own error", func(ctx context.Context) error {
			if err := control("PUT", "/_local/faults", faults("throttle", 4)); err != nil {
				return err
			}
			_, err := things.UpdateThing(ctx, &iot.UpdateThingInput{ThingName: aws.String("thing-01")})
			var throttled *iottypes.ThrottlingException
			if !errors.As(err, &throttled) {
				return fmt.Errorf("it is %v", err)
			}
			return control("DELETE", "/_local/faults", nil)
		}},
		{"sends messages to a queue and gets what it sent, digests checked", func(ctx context.Context) error {
			queue, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("go-client")})
			if err != nil {
				return err
			}
			// The SDK compares the MD5 of what it sent and of what it gets with what the service says.
			if _, err := queues.SendMessage(ctx, &sqs.SendMessageInput{
				QueueUrl: queue.QueueUrl, MessageBody: aws.String("a lamp"),
			}); err != nil {
				return err
			}
			got, err := queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
			if err != nil {
				return err
			}
			if len(got.Messages) != 1 {
				return fmt.Errorf("%d messages", len(got.Messages))
			}
			return expect("the message", *got.Messages[0].Body, "a lamp")
		}},
		{"assumes a role of another account once, for several calls", func(ctx context.Context) error {
			policy := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:ListThings", "Resource": "*"}]}`
			if _, err := roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
				RoleName: aws.String("go-client"), PolicyName: aws.String("list"), PolicyDocument: &policy,
			}); err != nil {
				return err
			}
			assuming := theirs.Copy()
			assuming.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(theirs), roleArn))
			visiting := iot.NewFromConfig(assuming)
			for range 3 {
				if _, err := visiting.ListThings(ctx, &iot.ListThingsInput{}); err != nil {
					return err
				}
			}
			_, err := visiting.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: aws.String("thing-01")})
			var refused smithy.APIError
			if !errors.As(err, &refused) || refused.ErrorCode() != "AccessDeniedException" {
				return fmt.Errorf("DescribeThing, which the role doesn't allow: %v", err)
			}
			return nil
		}},
	}
}

// triedAgain strikes two attempts of a call, so that the third is the one that succeeds. No GET: those Go repeats below
// the SDK too.
func triedAgain(ctx context.Context, things *iot.Client, fault string) error {
	if err := control("PUT", "/_local/faults", faults(fault, 2)); err != nil {
		return err
	}
	answer, err := things.UpdateThing(ctx, &iot.UpdateThingInput{ThingName: aws.String("thing-01")})
	if err != nil {
		return err
	}
	attempts, _ := retry.GetAttemptResults(answer.ResultMetadata)
	return expect("attempts", len(attempts.Results), 3)
}

func faults(fault string, times int) []map[string]any {
	return []map[string]any{{"service": "iot", "operation": "UpdateThing", "fault": fault, "times": times}}
}

func zipped(name, content string) ([]byte, error) {
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	file, err := writer.Create(name)
	if err != nil {
		return nil, err
	}
	if _, err := file.Write([]byte(content)); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return archive.Bytes(), nil
}
