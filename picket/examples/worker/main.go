// Command worker does jobs for users who hold three tokens. Jobs come from a queue, which here is standard input with a JSON object
// on each line, and carry the access token of the user who wants them done. For each job the worker prints whether it was done, is
// refused for good, or could not be decided and belongs back into the queue.
//
// To try it against the mock, in a clone of this repository, with the project ID that picket-mock prints. This job is refused,
// because its token is made up:
//
//	go run ./mock/cmd/picket-mock -addr 127.0.0.1:4010
//
//	echo '{"id":"1","accessToken":"a.b.c"}' | PICKET_API_KEY=sk_00000000000000000000000000000000 \
//	  PICKET_BASE_URL=http://127.0.0.1:4010/api/v1 \
//	  PICKET_PROJECT_ID=… \
//	  go run ./picket/examples/worker
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"os/signal"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	client, err := picket.NewFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	w, err := newWorker(ctx, client, os.Getenv("PICKET_PROJECT_ID"))
	if err != nil {
		log.Fatal(err)
	}
	err = w.work(ctx, os.Stdin, os.Stdout)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

type job struct {
	ID          string        `json:"id"`
	AccessToken picket.Secret `json:"accessToken"`
}

type result struct {
	ID      string  `json:"id"`
	Outcome outcome `json:"outcome"`
	Reason  string  `json:"reason,omitempty"`
}

type outcome string

const (
	done    outcome = "done"
	refused outcome = "refused" // and will be refused the next time, too
	retry   outcome = "retry"   // nobody knows whether the user may have this job done: put it back into the queue
)

type worker struct {
	client   *picket.Client
	verifier *accesstoken.Verifier
	gate     *picket.Gate
}

// newWorker fetches the keys that verify tokens, so that a wrong base URL shows before the first job is taken.
func newWorker(ctx context.Context, client *picket.Client, projectID string, options ...accesstoken.VerifierOption) (*worker, error) {
	keys, err := accesstoken.DiscoverKeys(client.BaseURL(), accesstoken.WithInsecureHTTPFromEnv())
	if err != nil {
		return nil, err
	}
	if err := keys.Load(ctx); err != nil {
		return nil, err
	}
	verifier, err := accesstoken.NewVerifier(projectID, keys, options...)
	if err != nil {
		return nil, err
	}
	holders := picket.Requirements{ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", MinTokenBalance: "3"}
	gate, err := picket.NewGate(picket.ChainEthereum, holders)
	if err != nil {
		return nil, err
	}
	return &worker{client, verifier, gate}, nil
}

func (w *worker) work(ctx context.Context, jobs io.Reader, results io.Writer) error {
	lines, out := bufio.NewScanner(jobs), json.NewEncoder(results)
	lines.Buffer(nil, 128<<10) // an access token has up to 64 KiB; a longer line ends the program
	for lines.Scan() {
		var next job
		answer := result{Outcome: refused, Reason: "the line is not a job"}
		if json.Unmarshal(lines.Bytes(), &next) == nil {
			answer = w.do(ctx, next)
		}
		if err := out.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (w *worker) do(ctx context.Context, next job) result {
	switch err := w.admit(ctx, next.AccessToken); {
	case err == nil:
		// The work would be done here.
		return result{ID: next.ID, Outcome: done}
	case errors.Is(err, accesstoken.ErrInvalid), errors.Is(err, picket.CodePermissionDenied), errors.Is(err, picket.ErrChainMismatch):
		return result{next.ID, refused, err.Error()} // errors contain no token
	default:
		return result{next.ID, retry, err.Error()}
	}
}

// admit decides from the token where that is enough. Otherwise it asks the API, which looks the balance up.
func (w *worker) admit(ctx context.Context, token picket.Secret) error {
	_, err := w.verifier.Validate(ctx, token, w.gate)
	if !errors.Is(err, accesstoken.ErrUndecided) {
		return err
	}
	requirements := w.gate.Requirements()
	request := picket.ValidateRequest{AccessToken: token, Requirements: &requirements}
	_, err = w.client.Validate(ctx, request, picket.WithChain(w.gate.Chain()))
	return err
}
