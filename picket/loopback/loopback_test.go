package loopback_test

import (
	"testing"

	"github.com/seed-a13ee279/picket/picket/loopback"
)

func TestOnlyHostsThatSurelyAreThisMachineAreLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "LocalHost": true, "localhost.": true,
		"127.0.0.1": true, "127.9.9.9": true, "127.255.255.255": true,
		"::1": true, "0:0:0:0:0:0:0:1": true, "::ffff:127.0.0.1": true, "::FFFF:7f00:1": true,

		"": false, ".": false, "localhost..": false, "sub.localhost": false, "localhost.example": false, "localhost.localdomain": false,
		"localhoſt": false, " localhost": false, "localhost ": false, "localhost:80": false, "localhost\x00": false,
		"0.0.0.0": false, "::": false, "0": false, "127.1": false, "127": false, "2130706433": false, "0x7f.0.0.1": false, "0177.0.0.1": false,
		"127.0.0.01": false, "127.0.0.1.": false, "127.0.0.1.evil.example": false, "127.0.0.1:80": false, "127.0.0.1/8": false,
		"[::1]": false, "::1%eth0": false, "::1%25lo": false, "fe80::1%lo": false, "fe80::1": false, "::2": false, "::127.0.0.1": false,
		"128.0.0.1": false, "126.255.255.255": false, "10.0.0.1": false, "169.254.169.254": false, "::ffff:10.0.0.1": false,
		"host.docker.internal": false, "ip6-localhost": false, "picketapi.com": false,
	} {
		if got := loopback.Is(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
