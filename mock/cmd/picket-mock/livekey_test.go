package main

import (
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

func TestKeysThatLookMadeUp(t *testing.T) {
	srv := mock.Start(t)
	made := srv.AddProject()
	for key, want := range map[string]bool{
		mock.DefaultSecretKey: true, mock.DefaultPublishableKey: true, made.SecretKey: true, made.PublishableKey: true,
		"sk_0123456789abcdef0123456789abcdef": true, "sk_ffffffffffffffffffffffffffffffff": true, "pk_deadbeefdeadbeefdeadbeefdeadbeef": true, "test": true,
		"sk_8f14e45fceea167a5a36dedd4bea2543": false, "pk_c9f0f895fb98ab9159f51fd0297e236d": false,
	} {
		if got := looksMadeUp(key); got != want {
			t.Errorf("%s looks made up: %v", key, got)
		}
	}
}
