package picket_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/seed-a13ee279/picket/picket"
)

// Further secrets of the calls that echo makes.
const (
	// longSecret is longer than most messages, as an access token is. It does not look like one.
	longSecret = "Zx9.q-_7k3Vd81_-Tn.RmVjaGhWYmt3cUx6T2s1c1pYQXVnN0NhTnRJZlFK-x4yB0GoDU3wHrEeM2lSvPp6iA.y8zT_5bXkqJ1cFgWn9hZuLd7RsOaVtKmE4jB2x.Fh2_ws.R5b-9ePm_c4.Yu"
	// oddSecret is shorter than its own length once its spaces are left out, and its letters are written as usual ones.
	oddSecret = "\u212a 0 r r e c t   h \u017f r \u017f e   b a t t e r y   + / 4 2"
)

const redacted = "[redacted]"

// transformations are what a server may do to a secret before it says it back.
var transformations = []struct {
	name string
	of   func(secret string) string
}{
	{"as it is", func(s string) string { return s }},
	{"in capitals", strings.ToUpper},
	{"in lower case", strings.ToLower},
	{"with letters that fold", func(s string) string { return strings.NewReplacer("k", "\u212a", "s", "ſ").Replace(s) }},
	{"form-encoded", url.QueryEscape},
	{"form-encoded, as picket's clients may", func(s string) string { return strings.NewReplacer("_", "%5F", ".", "%2e", "-", "%2D").Replace(s) }},
	{"path-encoded", url.PathEscape},
	{"percent-encoded, each letter", func(s string) string { return eachByte(s, "%%%02x") }},
	{"with JSON's escapes", func(s string) string { return eachRune(s, `\u%04X`) }},
	{"with one of JSON's escapes", func(s string) string { return strings.ReplaceAll(s, "_", `\u005f`) }},
	{"as a JSON string", func(s string) string { text, _ := json.Marshal(s); return string(text) }},
	{"with escapes of bytes", func(s string) string { return eachByte(s, `\x%02x`) }},
	{"with entities", func(s string) string { return eachRune(s, "&#%d;") }},
	{"with hexadecimal entities", func(s string) string { return eachRune(s, "&#x%X;") }},
	{"with an entity that has a name", func(s string) string { return strings.ReplaceAll(s, "_", "&lowbar;") }},
	{"with zero-width spaces", func(s string) string { return spread(s, "\u200b") }},
	{"with a right-to-left override", func(s string) string { return broken(s, "\u202e") }},
	{"with isolates", func(s string) string { return "\u2067" + spread(s, "\u2066\u2069") }},
	{"with soft hyphens", func(s string) string { return spread(s, "\u00ad") }},
	{"with byte order marks", func(s string) string { return spread(s, "\ufeff") }},
	{"with combining marks", func(s string) string { return spread(s, "\u0301") }},
	{"with fillers", func(s string) string { return spread(s, "\u3164") }},
	{"with a line break", func(s string) string { return broken(s, "\r\n") }},
	{"with a line break of JSON", func(s string) string { return broken(s, `\n`) }},
	{"with a space", func(s string) string { return broken(s, " ") }},
	{"with a no-break space", func(s string) string { return broken(s, "\u00a0") }},
	{"with a tab and NUL", func(s string) string { return broken(s, "\t\x00") }},
	{"with what is not UTF-8", func(s string) string { return broken(s, "\xff") }},
	{"in base64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{"in base64, as HTTP Basic", func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s+":")) }},
	{"in base64, after a user", func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s)) }},
	{"in base64, in a JSON", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(`{"a":"` + s + `","b":1}`)) }},
	{"in base64 of another shift", func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x" + s + "xyz")) }},
	{"in base64 without padding", func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) }},
	{"in base64 of URLs", func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) }},
	{"in base64 of URLs, without padding", func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s + ":")) }},
	{"in hexadecimal", func(s string) string { return hex.EncodeToString([]byte(s)) }},
	{"in hexadecimal, in capitals", func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte("<" + s))) }},
}

// isLast reports whether a transformation, by its name, is one that hides a secret when another one came before it.
func isLast(name string) bool {
	return strings.HasPrefix(name, "in base64") || strings.HasPrefix(name, "in hexadecimal") || name == "with a space" || name == "with a line break of JSON"
}

// isFirst reports whether a transformation, by its name, is one that another one cannot be undone after.
func isFirst(name string) bool {
	return name == "with a space" || name == "with an entity that has a name"
}

func eachByte(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func eachRune(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

func broken(s, with string) string {
	letters := []rune(s)
	return string(letters[:7]) + with + string(letters[7:])
}

func spread(s, between string) string { return strings.Join(strings.Split(s, ""), between) }

var (
	percents     = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	escapes      = regexp.MustCompile(`\\(?:[uU]00|[xX])[0-9A-Fa-f]{2}`)
	runs         = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)
	ofURLs       = strings.NewReplacer("-", "+", "_", "/")
	simpleEscape = strings.NewReplacer(`\n`, "", `\"`, `"`, `\\`, `\`)
)

// shows reports whether a text shows a secret to someone who takes the trouble to read it.
func shows(text, secret string) bool {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Mn) || r == 0x3164 {
				return -1
			}
			return unicode.ToLower(unicode.ToUpper(r))
		}, s)
	}
	has := func(s string) bool { return strings.Contains(plain(s), plain(secret)) }
	code := func(s string) string {
		decoded, _ := hex.DecodeString(s[len(s)-2:])
		return string(decoded)
	}
	for range 4 {
		if has(text) {
			return true
		}
		for _, run := range runs.FindAllString(text, -1) {
			for skip := range 4 {
				rest := ofURLs.Replace(run[skip:])
				decoded, _ := base64.RawStdEncoding.DecodeString(rest)
				digits, _ := hex.DecodeString(rest)
				if has(string(decoded)) || has(string(digits)) {
					return true
				}
			}
		}
		text = percents.ReplaceAllStringFunc(text, code)
		text = escapes.ReplaceAllStringFunc(text, code)
		text = html.UnescapeString(simpleEscape.Replace(text))
	}
	return false
}

// echo returns the error of a call after whose request the server says a message back: as msg, as code and as the request's ID.
func echo(t testing.TB, message string) *picket.Error {
	t.Helper()
	return echoTo(t, oddSecret, message)
}

// echoTo does as echo does, with a further secret in the request.
func echoTo(t testing.TB, secret picket.Secret, message string) *picket.Error {
	t.Helper()
	body, err := json.Marshal(map[string]string{"msg": message, "code": message})
	if err != nil {
		t.Fatal(err)
	}
	client := fuzzedClient(t, func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {message}},
			Body: io.NopCloser(bytes.NewReader(body)), Request: r,
		}, nil
	})
	_, err = client.ExchangeGrant(t.Context(), picket.OAuthTokenRequest{
		Code: fuzzCode, RedirectURI: "http://localhost/", CodeVerifier: fuzzVerifier, Password: longSecret, ClientSecret: secret,
	})
	var failure *picket.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %v", err)
	}
	return failure
}

func TestNoErrorShowsASecretThatWasChangedOnTheWay(t *testing.T) {
	check := func(secret, how, changed string) {
		failure := echo(t, "the key "+changed+", which is wrong")
		if shows(failure.Error(), secret) || strings.Contains(failure.Error(), changed) {
			t.Errorf("%s: %q is shown as %s", how, changed, failure)
		}
		if !strings.HasPrefix(failure.Message, "the key ") || !strings.Contains(failure.Message, "[redacted]") || !strings.HasSuffix(failure.Message, ", which is wrong") {
			t.Errorf("%s: what is no secret is gone: %s", how, failure)
		}
	}
	for _, one := range transformations {
		for _, secret := range []string{testKey, fuzzCode, fuzzVerifier, longSecret} {
			check(secret, one.name, one.of(secret))
		}
		for _, two := range transformations {
			if !isLast(two.name) && !isFirst(one.name) {
				check(testKey, one.name+", "+two.name, two.of(one.of(testKey)))
			}
		}
	}
}

func TestASecretIsFoundInAMessageThatIsShorterThanIt(t *testing.T) {
	plain := strings.NewReplacer(" ", "", "\u212a", "k", "\u017f", "s").Replace(oddSecret)
	for message, want := range map[string]string{
		plain:                             "[redacted]",
		"no " + strings.ToUpper(plain):    "no [redacted]",
		hex.EncodeToString([]byte(plain)): hex.EncodeToString([]byte(plain)), // which encodes another text
		longSecret[:16]:                   "[redacted]",
		longSecret[:15]:                   longSecret[:15],
		"is it " + strings.ToUpper(longSecret[len(longSecret)-16:]) + "?": "is it [redacted]?",
		longSecret[len(longSecret)-15:]:                                   longSecret[len(longSecret)-15:],
		longSecret[16 : len(longSecret)-16]:                               longSecret[16 : len(longSecret)-16], // a part that is not looked for
		strings.TrimPrefix(testKey, "sk_"):                                "[redacted]",
		eachByte(testKey[:16], "%%%02x"):                                  "[redacted]",
	} {
		if failure := echo(t, message); failure.Message != want || string(failure.Code) != want || failure.RequestID != want {
			t.Errorf("%q: got %q, %q and %q", message, failure.Message, failure.Code, failure.RequestID)
		}
	}
}

// Where what is looked for begins and ends.
func TestASecretIsFoundInTheseForms(t *testing.T) {
	const key, odd = "a1b2c3d4", ">>>???>>>???" // whose base64 has + and / in it
	times := func(n int, s string) string {
		for range n {
			s = eachByte(s, "%%%02x")
		}
		return s
	}
	for _, c := range []struct{ secret, message, want string }{
		{"0xa1b2c3d4e5f6", "a1b2c3d4e5f6", redacted},
		{"sk_a1b2c3d4e5f6", "A1B2C3D4E5F6", redacted},
		{"pk_a1b2c3d4e5f6", "a1b2c3d4e5f6", redacted},
		{"xx_a1b2c3d4e5f6", "a1b2c3d4e5f6", "a1b2c3d4e5f6"},
		{"0x000000012345", "000000012345", redacted},
		{"0x000000001234", "000000001234", "000000001234"}, // as many other numbers are
		{"00000000000000000000000000000000abcdefghijk01234", "00000000000000000000000000000000", "00000000000000000000000000000000"},
		{"00000000000000000000000000000000abcdefghijk01234", "abcdefghijk01234", redacted},
		{key, key, redacted},
		{key[:7], key[:7], key[:7]},
		{key, times(3, key), redacted},
		{key, times(4, key), times(4, key)},
		{key, "a1b2" + `\r\n\t\N\R\T` + "c3d4", redacted},
		{key, "a1b2" + "\u20dd\x7f\u034f" + "c3d4", redacted},
		{key, "a1b2&#x00000a;&#0000010;c3d4", redacted},
		{key, "a1b2&NewLine;&Tab;&NegativeThinSpace;c3d4", redacted},
		{"a 1 b 2 c 3 d 4", "a1b2c3d4", redacted}, // which is shorter than the secret
		{"\u212ae\u212ae\u212ae\u212ae", "kekekeke", redacted},
		{odd, base64.StdEncoding.EncodeToString([]byte(odd)), redacted},
		{odd, base64.URLEncoding.EncodeToString([]byte(odd)), redacted},
		{"correct horse battery", "it is correct+horse+battery?", "it is " + redacted + "?"},
		{"correct horse battery", url.QueryEscape(url.QueryEscape("correct horse battery")), redacted},
		{"correct horse battery", "correcthorse battery", redacted},
	} {
		if failure := echoTo(t, picket.Secret(c.secret), c.message); failure.Message != c.want {
			t.Errorf("%q as %q: got %q", c.secret, c.message, failure.Message)
		}
	}
}

func TestWhatLooksLikeAJWTIsHidden(t *testing.T) {
	letters := strings.Repeat("Ab0_-", 4)
	for message, want := range map[string]string{
		"eyJ" + letters[:15] + ".a":           "eyJ" + letters[:15] + ".a",
		"eyJ" + letters[:16]:                  redacted,
		"x.eyJ" + letters + ".a_-.b":          "x." + redacted,
		"eyJ" + letters + "..b":               redacted + ".b",
		"eyJ" + letters + "%2Ea_- b":          redacted + " b",
		"eyJa.b.":                             redacted,
		"eyJa.b.c.d":                          redacted + ".d",
		"eyJa.b":                              "eyJa.b",
		"eyJa..c":                             "eyJa..c",
		"eyJ.b.c":                             "eyJ.b.c",
		"EYJa.b.c":                            "EYJa.b.c",
		"eyJeyJa.b eyJa.b.c.eyJc.d.e":         "eyJeyJa.b " + redacted + "." + redacted,
		"%65yJa.b%2ec, eyJ\u200ba\n.b\u2060.": redacted + ", " + redacted,
	} {
		if failure := echo(t, message); failure.Message != want {
			t.Errorf("%q: got %q", message, failure.Message)
		}
	}
}

func TestWhatIsAroundASecretStays(t *testing.T) {
	for message, want := range map[string]string{
		"invalid project key " + testKey + " in request 17": "invalid project key [redacted] in request 17",
		"pk: " + url.QueryEscape(testKey) + "&x=1":          "pk: [redacted]&x=1",
		testKey:                                                       "[redacted]",
		testKey + testKey:                                             "[redacted]",
		testKey + " and " + testKey:                                   "[redacted] and [redacted]",
		"Basic " + fuzzCredentials + ".":                              "Basic [redacted].",
		"100% of 3%5 \\ &amp; &c; %zz \\u12":                          "100% of 3%5 \\ &amp; &c; %zz \\u12",
		"the token " + sample + " has expired":                        "the token [redacted] has expired",
		"the token eyJhbGciOiJFUzI1NiJ9 is cut off":                   "the token [redacted] is cut off",
		"eyJ is how they begin":                                       "eyJ is how they begin",
		"the wallet holds 0 of the required tokens, and 3 are needed": "the wallet holds 0 of the required tokens, and 3 are needed",
		"a\u202eb\u2066c\u200bd\u00ade\ufefff\u061cg\U000E0041h":      "abcdefgh",
		"a\nb\u2028c\x1b[31md\u0085e":                                 "a b c [31md e",
		"caf\u00e9, \u0915\u094d\u0937, \U0001f600":                   "caf\u00e9, \u0915\u094d\u0937, \U0001f600",
	} {
		if failure := echo(t, message); failure.Message != want || string(failure.Code) != want || failure.RequestID != want {
			t.Errorf("%q: got %q, %q and %q", message, failure.Message, failure.Code, failure.RequestID)
		}
	}
}

func TestAnErrorOfARequestThatWasNotSentIsFitForALog(t *testing.T) {
	client, _ := serve(t, http.StatusOK, "application/json", `{}`)
	second := func(_ any, err error) error { return err }
	for name, err := range map[string]error{
		"long":       second(client.Chain(t.Context(), "a/"+strings.Repeat("b", 1<<20))),
		"the key":    second(client.Chain(t.Context(), testKey+"/")),
		"a token":    second(client.Nonce(t.Context(), picket.NonceRequest{WalletAddress: sample + "/"})),
		"the secret": second(client.Auth(t.Context(), picket.AuthRequest{WalletAddress: "0xABCDEF0123/", Signature: "0xABCDEF0123"})),
		"an option":  second(client.Chains(t.Context(), picket.WithChain("a\n\u202e"+testKey))),
	} {
		if !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%s: got %v", name, err)
		}
		checkLogText(t, err.Error())
		for _, secret := range []string{testKey, sample, "0xABCDEF0123"} {
			if shows(err.Error(), secret) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestALongMessageIsScrubbedInTheTimeThatItsLengthTakes(t *testing.T) {
	cost := func(unit string, size int) time.Duration {
		message := strings.Repeat(unit, size/len(unit))
		least := time.Hour
		for range 3 {
			started := time.Now()
			_ = echo(t, message)
			least = min(least, time.Since(started))
		}
		return least
	}
	for _, unit := range []string{"a", "%25", "&#x", "eyJa.", "\u200b", testKey} {
		if short, long := cost(unit, 8<<10), cost(unit, 128<<10); long > 32*short+50*time.Millisecond {
			t.Errorf("8 KiB of %q take %v, and 128 KiB %v", unit, short, long)
		}
	}
}

// What is shown must not end in the middle of a secret because what follows it was not looked at.
func TestASecretAtTheEndOfWhatIsShownIsFound(t *testing.T) {
	for _, before := range []int{1010, 4090} {
		for _, filler := range []string{"a ", "\u200b"} {
			for _, one := range transformations {
				message := strings.Repeat(filler, before/len(filler)) + one.of(testKey) + strings.Repeat(" b", 4000)
				if failure := echo(t, message); shows(failure.Message, testKey) || strings.Contains(strings.ToLower(failure.Message), "sk_012") || len(failure.Message) > 1100 {
					t.Errorf("%s after %d bytes of %q: %q", one.name, before, filler, failure.Message)
				}
			}
		}
	}
}

func TestAnErrorOfAnOutageTakesFewAllocations(t *testing.T) {
	client := fuzzedClient(t, func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
	token := picket.Secret(strings.Repeat(sample, 10))
	if got := testing.AllocsPerRun(100, func() { _, _ = client.Validate(t.Context(), picket.ValidateRequest{AccessToken: token}) }); got > 200 {
		t.Errorf("%v allocations", got)
	}
}

// FuzzScrub lets a server say a secret back that was changed twice over, between any other text.
func FuzzScrub(f *testing.F) {
	for i := range transformations {
		f.Add("the key ", byte(0), byte(i), byte(3), " is wrong")
		f.Add("100%", byte(1), byte(i), byte(i), "%")
		f.Add("&#x5", byte(2), byte(i), byte(7), "\\u00")
		f.Add("", byte(3), byte(i), byte(0), "")
		f.Add("", byte(4), byte(0), byte(i), "")
	}
	f.Add("eyJ", byte(0), byte(0), byte(0), "eyJhbGciOiJFUzI1NiJ9.eyJ0aWQiOiIyIn0.b3RoZXI")
	f.Fuzz(func(t *testing.T, before string, which, first, next byte, after string) {
		if len(before)+len(after) > 256 {
			t.Skip("the secret would be cut off")
		}
		secrets := []string{testKey, fuzzCode, fuzzVerifier, longSecret, oddSecret}
		secret := secrets[int(which)%len(secrets)]
		one, two := transformations[int(first)%len(transformations)], transformations[int(next)%len(transformations)]
		if isLast(two.name) || isFirst(one.name) {
			one = transformations[0]
		}
		changed := two.of(one.of(secret))
		failure := echo(t, before+" "+changed+" "+after)
		checkLogText(t, failure.Error())
		if strings.Contains(failure.Error(), changed) || shows(failure.Error(), secret) {
			t.Errorf("%q is shown as %s", changed, failure)
		}
	})
}
