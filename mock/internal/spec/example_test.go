package spec_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

func ExampleContract_Find() {
	api, err := spec.API()
	if err != nil {
		log.Fatal(err)
	}
	const body = `{"wallet_address": "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`
	request := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth("sk_00000000000000000000000000000000", "")

	operation := api.Find(request)
	fmt.Println(operation.ID)
	for _, violation := range operation.CheckRequest(request, []byte(body)) {
		fmt.Println(violation.Message)
	}
	// Output:
	// nonce
	// "wallet_address" is not a property; did you mean "walletAddress"?
	// walletAddress is required
}

func ExampleOperation_CheckResponse() {
	api, err := spec.API()
	if err != nil {
		log.Fatal(err)
	}
	header := http.Header{"Content-Type": {"application/json"}}
	for _, violation := range api.Operation("chain").CheckResponse(http.MethodGet, http.StatusNotFound, header, []byte(`{"message": "there is no such chain"}`)) {
		fmt.Println(violation.Pointer, violation.Message)
	}
	// Output:
	// /msg msg is required
	// /message "message" is not a property
}
