package picket_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// inMemory answers every request with the same nonce, without a network.
type inMemory struct{}

func (inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	_ = r.Body.Close()
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(`{"nonce":"Rn8oPpBvPTAJs7Yk","statement":"Sign in to Picket","format":"siwe"}`)),
		Request:    r,
	}, nil
}

const benchmarkWallet = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"

// BenchmarkNonce compares one call of the client with the same call written by hand on net/http and encoding/json, as a
// careful programmer would: with a deadline, a limit on the response, and checks of status, content type and content.
func BenchmarkNonce(b *testing.B) {
	b.Run("picket", func(b *testing.B) {
		client, err := picket.New("sk_00000000000000000000000000000000", picket.WithHTTPClient(&http.Client{Transport: inMemory{}}))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.Nonce(context.Background(), picket.NonceRequest{WalletAddress: benchmarkWallet}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("yardstick", func(b *testing.B) {
		client := &http.Client{Transport: inMemory{}}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := nonceByHand(context.Background(), client, benchmarkWallet); err != nil {
				b.Fatal(err)
			}
		}
	})
}

type nonceAnswer struct {
	Nonce     string `json:"nonce"`
	Statement string `json:"statement"`
	Format    string `json:"format"`
}

func nonceByHand(ctx context.Context, client *http.Client, walletAddress string) (*nonceAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	body, err := json.Marshal(struct {
		WalletAddress string `json:"walletAddress"`
	}{walletAddress})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://picketapi.com/api/v1/auth/nonce", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.SetBasicAuth("sk_00000000000000000000000000000000", "")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "by-hand/1.0")
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	if mediaType, _, err := mime.ParseMediaType(response.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return nil, fmt.Errorf("content type %q", response.Header.Get("Content-Type"))
	}
	var answer nonceAnswer
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if answer.Nonce == "" || answer.Statement == "" || answer.Format == "" {
		return nil, fmt.Errorf("the answer lacks something")
	}
	return &answer, nil
}

// BenchmarkFailure measures calls that fail as they do in an outage, without the network.
func BenchmarkFailure(b *testing.B) {
	token := picket.Secret("eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9." + strings.Repeat("eyJjaGFpbiI6ImV0aGVyZXVtIn", 18) + "." + strings.Repeat("c2lnbmF0dX", 8) + "cmUxMj")
	for _, c := range []struct {
		name      string
		roundTrip roundTripper
	}{
		{"connection refused", func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: syscall.ECONNREFUSED}
		}},
		{"status 500", func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusInternalServerError,
				Header:     http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"0198a7c4-7b7e-7d55-9b1e-2f1c5a0d7e11"}},
				Body:       io.NopCloser(strings.NewReader(`{"code":"internal_server_error","msg":"something went wrong; try again later"}`)),
				Request:    r,
			}, nil
		}},
		{"the token said back", func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusUnauthorized,
				Header:     http.Header{"Content-Type": {"application/json"}},
				Body:       io.NopCloser(strings.NewReader(`{"code":"invalid_access_token","msg":"the token ` + string(token) + ` is not valid"}`)),
				Request:    r,
			}, nil
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			client, err := picket.New(testKey, picket.WithHTTPClient(&http.Client{Transport: c.roundTrip}), picket.WithMaxRetries(0))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.Validate(context.Background(), picket.ValidateRequest{AccessToken: token}); err == nil {
					b.Fatal("no error")
				}
			}
		})
	}
}
