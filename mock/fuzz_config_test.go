package mock_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/seed-a13ee279/picket/mock"
)

// FuzzConfig starts a mock with any configuration. A mistake is an error that names the file and the line, and shows no key.
func FuzzConfig(f *testing.F) {
	const whole = `projects:
  - secretKey: sk_0123456789abcdef0123456789abcdef
    publishableKey: pk_0123456789abcdef0123456789abcdef
    redirectURIs: ["http://localhost:3000/callback"]
    format: simple
    statements: {"": Come in., fr: Entrez.}
    balances:
      - {chain: ethereum, walletAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", contractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", balance: "12.5"}
    displayNames:
      - {chain: ethereum, walletAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", name: alice.eth}
    reusableNonces: true
  - {}
wallets:
  - {chain: ethereum, privateKey: "0x0000000000000000000000000000000000000000000000000000000000000001"}
`
	for _, text := range []string{
		whole, "", "# nothing", "---\n", "--- a\n--- b\n", "projects: []\n--- {", "projects: &a [*a]", "a: &a [*a]", "projects: {}", "projects: [[]]", "null", "[]", "projects:\n- secretkey: x", "\t", "\xff", "%YAML 9", "? a\n: b",
		"projects: [{secretKey: [sk_0123456789abcdef0123456789abcdef]}]", "projects: [{reusableNonces: sk_0123456789abcdef0123456789abcdef}]", "wallets: [{privateKey: {}}]", "wallets: [{chain: flow}]",
		"projects: [{statements: {a: [b]}}]", "projects: [{statements: {1: b}}]", "x: !!binary 1", "projects: !!str []", "projects: [&p {secretKey: x}, *p]", "<<: {a: b}", "projects:\n- <<: {}", strings.Replace(whole, "12.5", "-1", 1),
		"projects: [{flowKeys: [{address: \"0x1\"}]}]", "a: b: c", "projects: [!!null {}]", "!!null {a: b}",
	} {
		f.Add([]byte(text))
	}
	value := regexp.MustCompile(`[:\[]\s*"?(sk_[0-9a-f]{32}|0x[0-9a-f]{64})`) // and not a name, which errors show
	place := regexp.MustCompile(`^mock: picket\.yaml:\d+: \S`)
	f.Fuzz(func(t *testing.T, text []byte) {
		srv, err := mock.New(mock.WithConfig("picket.yaml", text))
		if err == nil {
			if _, err := mock.New(mock.WithConfig("picket.yaml", text)); err != nil {
				t.Errorf("it is taken once, and not twice: %v", err)
			}
			if projects := srv.Projects(); len(projects) == 0 || projects[0] != srv.Project {
				t.Errorf("the projects are %v", projects)
			}
			return
		}
		said := err.Error()
		if srv != nil || !place.MatchString(said) || strings.ContainsFunc(said, unicode.IsControl) || len(said) > 2048 {
			t.Errorf("%q: %.300q", text, said)
		}
		for _, secret := range value.FindAllSubmatch(text, -1) {
			if strings.Contains(said, string(secret[1])) {
				t.Errorf("the error shows a key: %s", said)
			}
		}
	})
}
