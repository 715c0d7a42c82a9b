package observe_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

func TestNamesThatDevelopersGiveLookLikeNames(t *testing.T) {
	for name := range strings.FieldsSeq(`id ids at on to url uri rpcURL publicRPC expiresIn expires_at createdAt updated_at level levels balancesByWallet
		tokenBalances walletAddress displayAddress ensName avatar gasless nativeCurrency decimals blockNumber block_explorer explorerURL
		isTestnet supportsSIWE erc721Contracts oauth2 sha256 web3Name address1 limit offset cursor nextCursor next_page_token hasMore total_count
		retryAfter requestId docsURL help hint field errors details statusCode scope nonce statement format locale issuer jwks kid
		preferred_username email_verified phoneNumber zoneinfo projectId project_id minTokenBalance allowed reason type kind value history
		entries height width length strength amount final at since until until_block _links $schema @type @context data meta pagination first last prev chainLogo
		testnetChainId isEnabled isOk iconURL httpStatus signatureScheme messagePrefix statementTemplate sessionLifetime refreshToken
		internationalization policyId`) {
		if !observe.IsName(name) {
			t.Errorf("%s is not a name", name)
		}
	}
	for word := range strings.FieldsSeq(`rollup bitcoin cosmos aptos sui starknet simple siwe siws chain_retired rate_limited insufficient_funds
		account_exists invalid_grant unsupported_grant_type temporarily_unavailable slow_down ACCOUNT_LOCKED PARAMETER_INVALID tokenExpired
		signature-invalid interaction_required consent_required wallet_not_found contract_unknown`) {
		if !observe.IsWord(word) {
			t.Errorf("%s is not a word", word)
		}
	}
}

func TestValuesDoNotLookLikeNames(t *testing.T) {
	for _, value := range []string{"", "alice.eth", "Alice", "vitalik.eth", "some.one@example.com", "example.com", "localhost", "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984",
		"0x1f9840a85d5af5bf1d1762f925bdaddc4201f984", "1f9840a85d5af5bf1d1762f925bdaddc4201f984", "0x0ae53cb6e3f42a79", "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA",
		"eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9", "sk_00000000000000000000000000000000", "pk_1234567890abcdef1234567890abcdef", "3OUGVWAZ5MJTB5IWYDQZ2KUD5A",
		"kEWepMt9knR6lWJ6A", "141090c4-a563-4855-bab9-747a5d0e7d81", "12.5", "2026-11-27", "2026-11-27T00:00:00Z", "ethereum:0x1f9840a85d5aF5bf", "eip155:1:0xabc",
		"bob smith", "o'neill", "naïve", "deadbeefcafe", "CWE4fz8QDoLsAoTq4", "xkqwzrtpvb", "user_2NNEqL2nrIRdJ194ndJqAHwEfxC", "+15551234567", "a/b", "a b"} {
		if observe.IsName(value) && value != "localhost" {
			t.Errorf("%q looks like a name", value)
		}
		if observe.IsWord(value) && value != "Alice" && value != "localhost" {
			t.Errorf("%q looks like a word", value)
		}
	}
}

func TestRandomTextRarelyLooksLikeAName(t *testing.T) {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	random := rand.New(rand.NewPCG(1, 2))
	alphabets := map[string]string{
		"alphanumeric": letters + strings.ToUpper(letters) + "0123456789", "lower case and digits": letters + "0123456789", "base32": strings.ToUpper(letters) + "234567",
		"base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", "hexadecimal": "0123456789abcdef",
		"base64url": letters + strings.ToUpper(letters) + "0123456789-_",
	}
	for _, alphabet := range slices.Sorted(maps.Keys(alphabets)) { // in one order, so that the texts are the same in every run
		characters := alphabets[alphabet]
		for _, length := range []int{8, 10, 12, 16, 17, 20, 22, 26, 32, 44} {
			const tries = 4_000
			taken := 0
			for range tries {
				text := make([]byte, length)
				for i := range text {
					text[i] = characters[random.IntN(len(characters))]
				}
				if observe.IsName(string(text)) || observe.IsWord(string(text)) {
					taken++
				}
			}
			limit := tries / 16
			switch {
			case length >= 20:
				limit = tries / 400
			case length >= 16:
				limit = tries / 100
			case length >= 12:
				limit = tries / 40
			}
			if taken > limit {
				t.Errorf("%d of %d texts of %d characters, %s, look like names or words", taken, tries, length, alphabet)
			}
		}
	}
}
