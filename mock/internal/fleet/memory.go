package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// decoded answers with claims of their own for each token, as every Validator does.
type decoded struct{}

func (decoded) Validate(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
	const text = `{"aud":"7b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c11","chain":"ethereum","displayAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"exp":4000000000,"iat":1600000000,"iss":"picketapi.com","sub":"ethereum:0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8","tid":"0f9b8a7c-6d5e-4f3a-8b2c-1d0e9f8a7b6c",
		"tokenBalances":{"contractAddress":{"0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984":"12.5"}},"ver":1,"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`
	claims := new(picket.AccessTokenPayload)
	return claims, json.Unmarshal([]byte(text), claims)
}

// cacheBytes returns how much memory the cache of a server takes with a token of each of its users.
func cacheBytes() int64 {
	cache, err := middleware.NewCache(decoded{})
	if err != nil {
		return 0
	}
	const shape = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.%s%08d.%s" // as long as the API's tokens with a balance are
	payload, signature := strings.Repeat("eyJj", 158), strings.Repeat("c2ln", 22)
	before := heap()
	for i := range fleetUsers {
		_, _ = cache.Validate(context.Background(), picket.Secret(fmt.Sprintf(shape, payload, i, signature)), nil)
	}
	after := heap()
	runtime.KeepAlive(cache)
	return after - before
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
