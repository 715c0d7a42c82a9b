package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

// exampleTB lets examples, which have no testing.T, start the mock.
type exampleTB struct{}

func (exampleTB) Helper()                           {}
func (exampleTB) Cleanup(func())                    {}
func (exampleTB) Errorf(format string, args ...any) { log.Printf(format, args...) }
func (exampleTB) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }

func ExampleNew() {
	_, err := oauth.New("sk_00000000000000000000000000000000", "https://shop.example/callback")
	fmt.Println(err)
	// Output: oauth: invalid argument: the client ID is a secret key, which every user would see; use the project's publishable key, which begins with pk_
}

func ExampleLogins_Begin() {
	logins, err := oauth.New("pk_00000000000000000000000000000000", "https://shop.example/callback")
	if err != nil {
		log.Fatal(err)
	}
	login, err := logins.Begin("polygon", oauth.Parameters{
		Requirements: &picket.Requirements{
			ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984",
			MinTokenBalance: "3",
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	address, query, _ := strings.Cut(string(login.URL), "?")
	parameters, err := url.ParseQuery(query)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(address)
	fmt.Println(parameters.Get("client_id"), parameters.Get("chain"), parameters.Get("minTokenBalance"))
	fmt.Println(login.URL, login.Pending.State, login.Pending.CodeVerifier)
	// Output:
	// https://picketapi.com/api/v1/oauth2/authorize
	// pk_00000000000000000000000000000000 polygon 3
	// [redacted] [redacted] [redacted]
}

func ExamplePendingLogin_Code() {
	pending := oauth.PendingLogin{ // of Begin; kept until the callback
		State:        "c3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3Q",
		CodeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		RedirectURI:  "https://shop.example/callback",
		Chain:        "ethereum",
	}
	callback, err := url.Parse("https://shop.example/callback?error=access_denied&error_description=the+user+denied+the+login&state=c3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3Q")
	if err != nil {
		log.Fatal(err)
	}
	_, err = pending.Code(callback.Query())

	var refused *oauth.Error
	if errors.Is(err, oauth.CodeAccessDenied) && errors.As(err, &refused) {
		fmt.Println(refused.Description)
	}

	_, err = pending.Code(url.Values{"code": {"of somebody else"}, "state": {"guessed"}})
	fmt.Println(errors.Is(err, oauth.ErrState))

	_, err = oauth.PendingLogin{}.Code(callback.Query())
	fmt.Println(errors.Is(err, oauth.ErrNoPendingLogin))
	// Output:
	// the user denied the login
	// true
	// true
}

func ExamplePendingLogin_MarshalBinary() {
	logins, err := oauth.New("pk_00000000000000000000000000000000", "https://shop.example/callback")
	if err != nil {
		log.Fatal(err)
	}
	login, err := logins.Begin("ethereum", oauth.Parameters{})
	if err != nil {
		log.Fatal(err)
	}
	kept, err := login.Pending.MarshalBinary() // for the server's store, or for a cookie that is encrypted and authenticated
	if err != nil {
		log.Fatal(err)
	}
	var pending oauth.PendingLogin
	if err := pending.UnmarshalBinary(kept); err != nil {
		log.Fatal(err)
	}
	fmt.Println(pending == login.Pending)

	shown, err := json.Marshal(login.Pending) // for a log
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", shown)
	fmt.Println(json.Unmarshal(shown, &pending))
	// Output:
	// true
	// {"state":"[redacted]","codeVerifier":"[redacted]","redirectURI":"https://shop.example/callback","chain":"ethereum","issuer":"https://picketapi.com/api/v1"}
	// oauth: no login has begun in this browser, or it is over: JSON does not contain the secrets of a login; keep it with MarshalBinary
}

func ExamplePendingLogin_Exchange() {
	api := mock.Start(exampleTB{}, mock.WithRedirectURI("http://localhost:3000/callback"))
	logins, err := oauth.New(api.PublishableKey, "http://localhost:3000/callback",
		oauth.WithBaseURL(api.URL)) // in production there is no mock, and no WithBaseURL
	if err != nil {
		log.Fatal(err)
	}
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	login, err := logins.Begin("ethereum", oauth.Parameters{})
	if err != nil {
		log.Fatal(err)
	}

	// Instead of a browser: a test wallet approves the login, and the API sends the browser back.
	request, err := http.NewRequest(http.MethodPost, strings.Replace(string(login.URL), "/api/v1/oauth2/authorize", "/_mock/authorize", 1),
		strings.NewReader(url.Values{"decision": {"approve"}, "wallet": {api.TestWallets()[0].Address}}.Encode()))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		log.Fatal(err)
	}
	callback, err := response.Location()
	if err != nil {
		log.Fatal(err)
	}

	loggedIn, err := login.Pending.Exchange(context.Background(), client, callback.Query())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(loggedIn.User.Chain, loggedIn.User.WalletAddress == api.TestWallets()[0].Address)
	fmt.Println(loggedIn.AccessToken)
	// Output:
	// ethereum true
	// [redacted]
}

// In a test environment of containers, the mock has no certificate.
func ExampleWithInsecureHTTP() {
	const key = "pk_00000000000000000000000000000000"
	_, err := oauth.New(key, "http://shop.test/callback")
	fmt.Println(err)
	_, err = oauth.New(key, "http://shop.test/callback", oauth.WithBaseURL("http://picket-mock:4010/api/v1"), oauth.WithInsecureHTTP())
	fmt.Println(err)
	// Output:
	// oauth: invalid argument: the redirect URI is http://shop.test, and http is for localhost and loopback addresses; use https, or allow it in a private network with WithInsecureHTTP, or by PICKET_INSECURE_HTTP_HOSTS with WithInsecureHTTPFromEnv
	// <nil>
}

// In a network of containers the environment names the host of the mock, and in production it names none.
func ExampleWithInsecureHTTPFromEnv() {
	_ = os.Setenv(picket.EnvInsecureHTTPHosts, "picket-mock,shop")
	defer func() { _ = os.Unsetenv(picket.EnvInsecureHTTPHosts) }()
	_, err := oauth.New("pk_00000000000000000000000000000000", "http://shop:3000/callback",
		oauth.WithBaseURL("http://picket-mock:4010/api/v1"), oauth.WithInsecureHTTPFromEnv())
	fmt.Println(err)
	// Output: <nil>
}
