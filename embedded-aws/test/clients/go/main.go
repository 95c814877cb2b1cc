// The AWS SDK for Go v2 against the embedded AWS: it signs, waits, retries and pages by itself, in code that has nothing
// in common with the other SDKs'. Each step is one JSON line, which main.py counts: {"name": …, "problem": …}.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

const (
	customer = "111111111111"
	partner  = "222222222222"
	// Waiters look after a delay of 2 s and more by themselves: here everything happens at once or by a moved clock.
	soon = 100 * time.Millisecond
	long = 30 * time.Second
)

// control calls the embedded AWS's own interface, which is no part of AWS.
func control(method, path string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, os.Getenv("EMBEDDED_AWS_URL")+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("EMBEDDED_AWS_TOKEN"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, path, answer.Status)
	}
	return nil
}

// profile is an administrator's configuration, from the files that AWS_CONFIG_FILE names, all else as the SDK has it.
func profile(ctx context.Context, name string) (aws.Config, error) {
	return config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(name))
}

type step struct {
	name string
	run  func(context.Context) error
}

func main() {
	ctx := context.Background()
	own, err := profile(ctx, "customer")
	if err == nil {
		var theirs aws.Config
		theirs, err = profile(ctx, "partner")
		for _, one := range steps(own, theirs) {
			line := map[string]string{"name": "[go] " + one.name}
			if problem := one.run(ctx); problem != nil {
				line["problem"] = problem.Error()
			}
			if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
				panic(err)
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func expect[T comparable](what string, found, expected T) error {
	if found == expected {
		return nil
	}
	return fmt.Errorf("%s: %v instead of %v", what, found, expected)
}
