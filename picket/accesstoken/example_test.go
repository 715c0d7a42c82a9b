package accesstoken_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

// exampleTB lets examples, which have no testing.T, start the mock.
type exampleTB struct{}

func (exampleTB) Helper()                           {}
func (exampleTB) Cleanup(func())                    {}
func (exampleTB) Errorf(format string, args ...any) { log.Printf(format, args...) }
func (exampleTB) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }

// login starts a mock and logs a wallet in that holds 12.5 tokens.
func login() (*mock.Server, picket.Secret) {
	api := mock.Start(exampleTB{})
	wallet := mock.NewEthereumWallet(exampleTB{})
	api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "12.5")
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	request := wallet.AuthRequest(exampleTB{}, client)
	request.Requirements = &picket.Requirements{ContractAddress: contract}
	auth, err := client.Auth(context.Background(), request)
	if err != nil {
		log.Fatal(err)
	}
	return api, auth.AccessToken
}

func Example() {
	api, token := login() // the browser did this, and sends the token with its requests

	// Once, when the program starts. In production the issuer is picket.DefaultBaseURL.
	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		log.Fatal(err)
	}
	if err := keys.Load(context.Background()); err != nil { // optional: is it the right issuer?
		log.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(api.ID, keys)
	if err != nil {
		log.Fatal(err)
	}

	// For each request.
	answer := func(token picket.Secret) {
		claims, err := verifier.Verify(context.Background(), token)
		switch {
		case err == nil:
			fmt.Println(http.StatusOK, claims.Chain)
		case errors.Is(err, accesstoken.ErrExpired):
			fmt.Println(http.StatusUnauthorized, "log in again")
		case errors.Is(err, accesstoken.ErrInvalid):
			fmt.Println(http.StatusUnauthorized, err)
		default:
			log.Print(err) // does not contain the token
			fmt.Println(http.StatusServiceUnavailable)
		}
	}
	answer(token)
	answer("not a token")
	// Output:
	// 200 ethereum
	// 401 accesstoken: invalid access token: it does not have the three parts of a JWT in compact serialization
}

func ExampleVerifier_Verify() {
	api, token := login()
	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(api.ID, keys, accesstoken.WithClock(api.Now))
	if err != nil {
		log.Fatal(err)
	}

	claims, err := verifier.Verify(context.Background(), token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims.Chain, claims.TokenBalances.ContractAddress[contract])

	api.Advance(13 * time.Hour)
	_, err = verifier.Verify(context.Background(), token)
	fmt.Println(errors.Is(err, accesstoken.ErrExpired), errors.Is(err, accesstoken.ErrInvalid))
	// Output:
	// ethereum 12.5
	// true true
}

func ExampleVerifier_Validate() {
	api, token := login()
	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(api.ID, keys)
	if err != nil {
		log.Fatal(err)
	}

	enter := func(chain string, requirements picket.Requirements) {
		gate, err := picket.NewGate(chain, requirements) // once, when the program starts
		if err != nil {
			log.Fatal(err)
		}
		_, err = verifier.Validate(context.Background(), token, gate)
		switch {
		case err == nil:
			fmt.Println("come in")
		case errors.Is(err, picket.ErrChainMismatch):
			fmt.Println("log in on", gate.Chain())
		case errors.Is(err, accesstoken.ErrUndecided):
			fmt.Println("ask the API, with Client.Authz")
		case errors.Is(err, picket.CodePermissionDenied):
			fmt.Println("stay out")
		default:
			log.Fatal(err)
		}
	}
	enter("ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "10"})
	enter("ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "100"})
	enter("ethereum", picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000001"})
	enter("polygon", picket.Requirements{ContractAddress: contract, MinTokenBalance: "10"})
	// Output:
	// come in
	// stay out
	// ask the API, with Client.Authz
	// log in on polygon
}

func ExampleNewVerifier() {
	keys, err := accesstoken.DiscoverKeys(picket.DefaultBaseURL)
	if err != nil {
		log.Fatal(err)
	}
	// The project ID comes from a variable that is not set.
	_, err = accesstoken.NewVerifier("", keys)
	fmt.Println(err)

	_, err = accesstoken.NewVerifier("7b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c11", keys,
		accesstoken.WithIssuers("https://picketapi.com"),
		accesstoken.WithLeeway(5*time.Second),
		accesstoken.WithMaxLifetime(12*time.Hour),
		accesstoken.WithClock(time.Now),
	)
	fmt.Println(err)
	// Output:
	// accesstoken: the project ID is empty, so the tokens of every project would be let in; is the variable that it was read from set?
	// <nil>
}

// A cache of a verifier's results uses its time, so that a token expires everywhere at once.
func ExampleVerifier_Leeway() {
	api, token := login()
	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(api.ID, keys, accesstoken.WithLeeway(5*time.Second), accesstoken.WithClock(api.Now))
	if err != nil {
		log.Fatal(err)
	}
	claims, err := verifier.Verify(context.Background(), token)
	if err != nil {
		log.Fatal(err)
	}
	accepted := func() bool { return verifier.Now().Before(claims.ExpiresAt.Time().Add(verifier.Leeway())) }
	fmt.Println(accepted())
	api.SetTime(claims.ExpiresAt.Time().Add(4 * time.Second))
	fmt.Println(accepted())
	api.SetTime(claims.ExpiresAt.Time().Add(5 * time.Second))
	fmt.Println(accepted())
	// Output:
	// true
	// true
	// false
}

// A server for two shops, each with a project of its own.
func ExampleNewVerifierForProjects() {
	api, token := login()
	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		log.Fatal(err)
	}
	const shoes = "7b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c11"
	verifier, err := accesstoken.NewVerifierForProjects([]string{api.ID, shoes}, keys)
	if err != nil {
		log.Fatal(err)
	}
	claims, err := verifier.Verify(context.Background(), token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims.Audience == api.ID, claims.Audience == shoes)
	// Output: true false
}

// A wrong URL shows when the program starts.
func ExampleKeys() {
	api := mock.Start(exampleTB{})
	keys, err := accesstoken.RemoteKeys(api.URL + "/oauth2/keys")
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = keys.Load(ctx)
	fmt.Println(errors.Is(err, accesstoken.ErrKeysUnavailable), strings.Contains(err.Error(), "status 404"))
	// Output: true true
}

func ExampleWithInsecureSkipAudience() {
	api, token := login()
	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier("", keys, accesstoken.WithInsecureSkipAudience())
	if err != nil {
		log.Fatal(err)
	}
	claims, err := verifier.Verify(context.Background(), token)
	if err != nil {
		log.Fatal(err)
	}
	// A service for any number of shops, each with a project of its own, has to check for itself.
	shops := map[string]string{api.ID: "the hat shop"}
	shop, ok := shops[claims.Audience]
	fmt.Println(shop, ok)
	// Output: the hat shop true
}

func ExampleDiscoverKeys() {
	keys, err := accesstoken.DiscoverKeys(picket.DefaultBaseURL,
		accesstoken.WithHTTPClient(&http.Client{Transport: http.DefaultTransport}),
		accesstoken.WithRefreshInterval(15*time.Minute),
		accesstoken.WithKeyLifetime(6*time.Hour),
		accesstoken.WithFetchTimeout(3*time.Second),
		accesstoken.WithJitter(func() float64 { return 0 }), // for a test that counts fetches
		accesstoken.WithClock(time.Now),
	)
	fmt.Println(keys != nil, err) // nothing is fetched yet

	_, err = accesstoken.DiscoverKeys("http://picketapi.com/api/v1")
	fmt.Println(err)
	// Output:
	// true <nil>
	// accesstoken: the issuer on picketapi.com is not https, so anyone on the way could substitute their own keys; where that cannot happen, allow it with WithInsecureHTTP, or by PICKET_INSECURE_HTTP_HOSTS with WithInsecureHTTPFromEnv
}

func ExampleRemoteKeys() {
	api, token := login()
	keys, err := accesstoken.RemoteKeys(api.URL + "/oauth2/jwks")
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(api.ID, keys)
	if err != nil {
		log.Fatal(err)
	}
	_, err = verifier.Verify(context.Background(), token)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleStaticKeys() {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // a test signs tokens of its own with it
	if err != nil {
		log.Fatal(err)
	}
	keys, err := accesstoken.StaticKeys(&private.PublicKey)
	if err != nil {
		log.Fatal(err)
	}
	_, err = accesstoken.NewVerifier("7b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c11", keys)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleParseKeys() {
	keys, err := accesstoken.ParseKeys([]byte(`{
		"kty": "EC", "crv": "P-256",
		"x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
		"y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
	}`))
	if err != nil {
		log.Fatal(err)
	}
	_, err = accesstoken.NewVerifier("7b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c11", keys)
	fmt.Println(err)
	// Output: <nil>
}

// In a test environment of containers, the mock has no certificate.
func ExampleWithInsecureHTTP() {
	_, err := accesstoken.DiscoverKeys("http://picket-mock:4010/api/v1")
	fmt.Println(err)
	_, err = accesstoken.DiscoverKeys("http://picket-mock:4010/api/v1", accesstoken.WithInsecureHTTP())
	fmt.Println(err)
	// Output:
	// accesstoken: the issuer on picket-mock:4010 is not https, so anyone on the way could substitute their own keys; where that cannot happen, allow it with WithInsecureHTTP, or by PICKET_INSECURE_HTTP_HOSTS with WithInsecureHTTPFromEnv
	// <nil>
}

// In a network of containers the environment names the host of the mock, and in production it names none.
func ExampleWithInsecureHTTPFromEnv() {
	_ = os.Setenv(picket.EnvInsecureHTTPHosts, "picket-mock")
	defer func() { _ = os.Unsetenv(picket.EnvInsecureHTTPHosts) }()
	_, err := accesstoken.DiscoverKeys("http://picket-mock:4010/api/v1", accesstoken.WithInsecureHTTPFromEnv())
	fmt.Println(err)
	// Output: <nil>
}
