package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
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
	_, err := oauth.New(oauth.Config{
		ClientID:    "sk_00000000000000000000000000000000",
		RedirectURI: "https://shop.example/callback",
	})
	fmt.Println(err)
	// Output: oauth: invalid argument: ClientID is a secret key, which every user would see; use the project's publishable key, which begins with pk_
}

func ExampleFlow_Begin() {
	flow, err := oauth.New(oauth.Config{
		ClientID:    "pk_00000000000000000000000000000000",
		RedirectURI: "https://shop.example/callback",
	})
	if err != nil {
		log.Fatal(err)
	}
	login, err := flow.Begin("polygon", oauth.Parameters{
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
	fmt.Println(login.URL, login.Session.State, login.Session.CodeVerifier)
	// Output:
	// https://picketapi.com/api/v1/oauth2/authorize
	// pk_00000000000000000000000000000000 polygon 3
	// [redacted] [redacted] [redacted]
}

func ExampleSession_Code() {
	session := oauth.Session{ // of Begin; kept until the callback
		State:        "c3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3Q",
		CodeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		RedirectURI:  "https://shop.example/callback",
		Chain:        "ethereum",
	}
	callback, err := url.Parse("https://shop.example/callback?error=access_denied&error_description=the+user+denied+the+login&state=c3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3Q")
	if err != nil {
		log.Fatal(err)
	}
	_, err = session.Code(callback.Query())

	var refused *oauth.Error
	if errors.Is(err, oauth.ErrAccessDenied) && errors.As(err, &refused) {
		fmt.Println(refused.Description)
	}

	_, err = session.Code(url.Values{"code": {"of somebody else"}, "state": {"guessed"}})
	fmt.Println(errors.Is(err, oauth.ErrState))

	_, err = oauth.Session{}.Code(callback.Query())
	fmt.Println(errors.Is(err, oauth.ErrSession))
	// Output:
	// the user denied the login
	// true
	// true
}

func ExampleSession_MarshalBinary() {
	flow, err := oauth.New(oauth.Config{
		ClientID:    "pk_00000000000000000000000000000000",
		RedirectURI: "https://shop.example/callback",
	})
	if err != nil {
		log.Fatal(err)
	}
	login, err := flow.Begin("ethereum", oauth.Parameters{})
	if err != nil {
		log.Fatal(err)
	}
	kept, err := login.Session.MarshalBinary() // for the server's store, or for a cookie that is encrypted and authenticated
	if err != nil {
		log.Fatal(err)
	}
	var session oauth.Session
	if err := session.UnmarshalBinary(kept); err != nil {
		log.Fatal(err)
	}
	fmt.Println(session == login.Session)

	shown, err := json.Marshal(login.Session) // for a log
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", shown)
	fmt.Println(json.Unmarshal(shown, &session))
	// Output:
	// true
	// {"state":"[redacted]","codeVerifier":"[redacted]","redirectURI":"https://shop.example/callback","chain":"ethereum"}
	// oauth: no login was begun here, or it is over: a session has no secrets in JSON; keep it by MarshalBinary
}

func ExampleSession_Exchange() {
	api := mock.Start(exampleTB{}, mock.WithRedirectURI("http://localhost:3000/callback"))
	flow, err := oauth.New(oauth.Config{
		ClientID:    api.PublishableKey,
		RedirectURI: "http://localhost:3000/callback",
		BaseURL:     api.URL, // in production there is no mock, and no BaseURL
	})
	if err != nil {
		log.Fatal(err)
	}
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	login, err := flow.Begin("ethereum", oauth.Parameters{})
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

	token, err := login.Session.Exchange(context.Background(), client, callback.Query())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token.User.Chain, token.User.WalletAddress == api.TestWallets()[0].Address)
	fmt.Println(token.AccessToken)
	// Output:
	// ethereum true
	// [redacted]
}
