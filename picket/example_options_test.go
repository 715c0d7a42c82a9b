package picket_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func ExampleNew() {
	client, err := picket.New("sk_0123456789abcdef0123456789abcdef",
		picket.WithUserAgent("shop/1.4"),
		picket.WithTimeout(10*time.Second), // a call may take that long, retries included
		picket.WithMaxRetries(3),
		picket.WithRetryWait(100*time.Millisecond, 2*time.Second),
		picket.WithMaxResponseBytes(64<<10))
	fmt.Println(client != nil, err)
	// Output: true <nil>
}

func ExampleNewFromEnv() {
	api := mock.Start(exampleTB{})
	_ = os.Setenv("PICKET_API_KEY", api.SecretKey) // set where the program is deployed
	_ = os.Setenv("PICKET_BASE_URL", api.URL)      // to leave out in production

	client, err := picket.NewFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	chain, err := client.Chain(context.Background(), picket.ChainPolygon)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(chain.ChainName)
	// Output: Polygon
}

// A server in a private network, or in a container beside, may have no certificate.
func ExampleWithInsecureHTTP() {
	_, err := picket.New("sk_0123456789abcdef0123456789abcdef", picket.WithBaseURL("http://picket.internal/api/v1"))
	fmt.Println(err)
	_, err = picket.New("sk_0123456789abcdef0123456789abcdef", picket.WithBaseURL("http://picket.internal/api/v1"), picket.WithInsecureHTTP())
	fmt.Println(err)
	// Output:
	// picket: the base URL "http://picket.internal/api/v1" is not https, so the API key would travel in the clear; use https, or allow it with the option WithInsecureHTTP
	// <nil>
}

// A user of another chain is refused, whatever tokens there are on it.
func ExampleWithChain() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	user := mock.NewEthereumWallet(exampleTB{}).Login(exampleTB{}, client) // on ethereum, by default

	_, err = client.Validate(context.Background(), picket.ValidateRequest{AccessToken: user.AccessToken}, picket.WithChain("polygon"))
	fmt.Println(errors.Is(err, picket.ErrChainMismatch), err)
	// Output: true picket: validate: 200 OK: the user logged in on another chain: it is "ethereum", and must be "polygon"
}

// A message that was signed for another site logs nobody in.
func ExampleWithOrigin() {
	client, err := picket.New("sk_0123456789abcdef0123456789abcdef", picket.WithOrigin("https://shop.example"))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Auth(context.Background(), picket.AuthRequest{
		WalletAddress: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		Signature:     "0x…",
		Context: picket.SigningMessageContext{
			Domain: "evil.example", URI: "https://evil.example", ChainID: 1, IssuedAt: time.Now().UTC().Format(time.RFC3339),
		},
	})
	fmt.Println(err)
	// Output: picket: auth: Context.Domain is "evil.example", and with WithOrigin it must be "shop.example"; was the message signed for another site?
}

// A call that must answer quickly is not repeated; all others of the client are.
func ExampleWithMaxRetries() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL), picket.WithRetryWait(time.Millisecond, time.Second))
	if err != nil {
		log.Fatal(err)
	}
	api.InjectFault(mock.Fault{Kind: mock.FaultStatus, Status: http.StatusServiceUnavailable})

	var failure *picket.Error
	if _, err := client.Chains(context.Background()); errors.As(err, &failure) {
		fmt.Println(failure.StatusCode, failure.Tries)
	}
	if _, err := client.Chains(context.Background(), picket.WithMaxRetries(0)); errors.As(err, &failure) {
		fmt.Println(failure.StatusCode, failure.Tries)
	}
	// Output:
	// 503 3
	// 503 1
}

func ExampleWithLogger() {
	api := mock.Start(exampleTB{})
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" { // they differ each time
				return slog.Attr{}
			}
			return a
		},
	}))
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL), picket.WithLogger(logger))
	if err != nil {
		log.Fatal(err)
	}
	_, _ = client.Chain(context.Background(), picket.ChainPolygon)
	_, _ = client.Chain(context.Background(), "dogecoin")
	// Output:
	// level=INFO msg="picket call" operation=chain status=200 tries=1
	// level=INFO msg="picket call" operation=chain status=404 tries=1 code=resource_not_found error="there is no chain \"dogecoin\"; GET /chains lists them" request_id=""
}

// spans is a transport that tells of each request. Where OpenTelemetry is used, otelhttp takes its place:
//
//	otelhttp.NewTransport(http.DefaultTransport, otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
//		call, _ := picket.CallFromContext(r.Context())
//		return "picket " + call.Operation
//	}))
type spans struct{ http.RoundTripper }

func (s spans) RoundTrip(r *http.Request) (*http.Response, error) {
	call, _ := picket.CallFromContext(r.Context())
	fmt.Printf("span %q, try %d\n", "picket "+call.Operation, call.Try)
	return s.RoundTripper.RoundTrip(r)
}

func ExampleCallFromContext() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL),
		picket.WithHTTPClient(&http.Client{Transport: spans{http.DefaultTransport}}))
	if err != nil {
		log.Fatal(err)
	}
	_, _ = client.Chains(context.Background())
	// Output: span "picket chains", try 1
}
