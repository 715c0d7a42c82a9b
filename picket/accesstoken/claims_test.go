package accesstoken_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

func TestWrongClaimsAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	for claim, values := range map[string][]any{
		"iss": {
			nil, "", "mallory.com", "picketapi.com.", "picketapi.com/", " picketapi.com", "picketapi.com ", "PicketAPI.com", "picketapi.co", "picketapi.com\x00",
			"picketapi.com.mallory.com", "notpicketapi.com", "http://picketapi.com", "https://picketapi.com/", "https://picketapi.com:443", "https://PICKETAPI.com",
			"https://picketapi.com/api/v1/", "https://picketapi.com/api/v2", "https://picketapi.com@mallory.com", "picketаpi.com", // with a Cyrillic letter
			[]string{"picketapi.com"}, []string{"mallory.com", "picketapi.com"}, object{"picketapi.com": true}, 1, true,
		},
		"aud": {
			nil, "", strings.ToUpper(projectID), projectID + " ", " " + projectID, projectID[:35], "00000000-0000-0000-0000-000000000000", "*",
			[]string{projectID}, []string{projectID, "mallory"}, []string{}, object{projectID: true}, 1, true,
		},
		"sub": {
			nil, "", address, "ethereum", "ethereum:", ":" + address, "ethereum:" + strings.ToLower(address), "polygon:" + address, "ethereum:" + address + " ",
			"Ethereum:" + address, "ethereum: " + address, []string{"ethereum:" + address}, 1,
		},
		"chain":          {nil, "", "polygon", 1, []string{"ethereum"}},
		"walletAddress":  {nil, "", "0x", address + " ", address[:41], "0x" + strings.Repeat("0", 127), "mallory.eth", "\xed\xa0\x80", 1, []string{address}},
		"displayAddress": {nil, "", 1, []string{"alice.eth"}, object{}},
		"tid":            {nil, "", 1, []string{"1"}},
		"ver":            {2, -1, "1", 1.5},
		"email":          {1, []string{"mallory@example.com"}},
		"tokenBalances": {
			1, "12", []string{}, object{"contractAddress": "12"}, object{"contractAddress": object{contract: "-1"}}, object{"contractAddress": object{contract: "NaN"}},
			object{"contractAddress": object{contract: object{}}}, object{"tokenIds": []string{"mallory"}},
		},
	} {
		for _, value := range values {
			t.Run(claim+" "+toJSON(t, value), func(t *testing.T) {
				wantInvalid(t, verifier, sign(t, key, "", goodClaims(object{claim: value})), "")
			})
		}
	}
}

func TestTheErrorSaysWhichClaimIsMissing(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	for _, claim := range []string{"aud", "chain", "walletAddress", "displayAddress", "tid", "iat", "exp"} {
		wantInvalid(t, verifier, sign(t, key, "", goodClaims(object{claim: nil})), "it has no "+claim)
	}
	for _, claim := range []string{"iss", "sub"} {
		wantInvalid(t, verifier, sign(t, key, "", goodClaims(object{claim: nil})), "its "+claim)
	}
}

func TestClaimsThatMatchEachOtherButAreNoneAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	for name, change := range map[string]object{
		"no chain and no address":   {"chain": nil, "walletAddress": nil, "sub": ":"},
		"no chain":                  {"chain": nil, "sub": ":" + address},
		"an address with a colon":   {"chain": "ethereum", "walletAddress": "a:b", "sub": "ethereum:a:b"},
		"an address with a space":   {"walletAddress": "a b", "sub": "ethereum:a b"},
		"an address that is a path": {"walletAddress": "../x", "sub": "ethereum:../x"},
		"an address of 129 letters": {"walletAddress": strings.Repeat("a", 129), "sub": "ethereum:" + strings.Repeat("a", 129)},
		"an address beyond ASCII":   {"walletAddress": "é", "sub": "ethereum:é"},
	} {
		t.Run(name, func(t *testing.T) { wantInvalid(t, verifier, sign(t, key, "", goodClaims(change)), "") })
	}
}

func TestClaimsInOtherFormsAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	good := toJSON(t, goodClaims())
	with := func(more string) string { return "{" + more + "," + good[1:] }
	without := func(claim string) string { return toJSON(t, goodClaims(object{claim: nil})) }
	for name, claims := range map[string]string{
		"twice, the same":             with(`"iss":"picketapi.com"`),
		"twice, another first":        with(`"aud":"mallory"`),
		"twice, another last":         good[:len(good)-1] + `,"aud":"` + projectID + `"}`,
		"twice, once escaped":         with(`"\u0065xp":9999999999`),
		"an unknown one twice":        with(`"shop":1,"shop":1`),
		"a kind of balances twice":    strings.Replace(good, `"tokenBalances":{`, `"tokenBalances":{"contractAddress":{},`, 1),
		"a balance twice":             strings.Replace(good, `"`+contract+`":`, `"`+contract+`":"1","`+contract+`":`, 1),
		"in upper case":               strings.Replace(good, `"iss"`, `"ISS"`, 1),
		"in title case":               strings.Replace(good, `"aud"`, `"Aud"`, 1),
		"with the letter ſ":           strings.Replace(good, `"iss"`, `"iſs"`, 1),
		"in the case of another API":  strings.Replace(good, `"walletAddress"`, `"wallet_address"`, 1),
		"ext, as an old sample says":  strings.Replace(good, `"exp"`, `"ext"`, 1),
		"null":                        `null`,
		"an array":                    `[` + good + `]`,
		"a string":                    `"mallory"`,
		"empty":                       `{}`,
		"no JSON":                     `mallory`,
		"more behind":                 good + good,
		"a comma behind":              good[:len(good)-1] + `,}`,
		"cut off":                     good[:len(good)-1],
		"not UTF-8":                   strings.Replace(good, "alice", "alice\xff", 1),
		"a byte order mark":           "\ufeff" + good,
		"nested deeply":               with(`"a":` + strings.Repeat("[", 8_000)),
		"without exp":                 without("exp"),
		"without iat":                 without("iat"),
		"without either":              toJSON(t, goodClaims(object{"exp": nil, "iat": nil})),
		"in a claims object, as JSON": toJSON(t, object{"claims": goodClaims()}),
	} {
		t.Run(name, func(t *testing.T) { wantInvalid(t, verifier, assemble(t, key, goodHeader, claims), "") })
	}
}

func TestDatesThatAreNoneAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	for _, claim := range []string{"iat", "exp", "nbf"} {
		for _, date := range []string{
			`null`, `""`, `"1666660356"`, `"never"`, `true`, `{}`, `[1666660356]`, `0`, `-0`, `-1`, `-1666660356`, `1666660356.5`, `1666660356.0`, `1.666660356e9`, `1e9`, `1e308`,
			`1e-1`, `9223372036854775808`, `18446744073709551617`, `-9223372036854775808`, `1e99999`, strings.Repeat("9", 400),
		} {
			t.Run(claim+" "+date[:min(len(date), 20)], func(t *testing.T) {
				claims := toJSON(t, goodClaims(object{claim: nil}))
				wantInvalid(t, verifier, assemble(t, key, goodHeader, `{"`+claim+`":`+date+`,`+claims[1:]), "")
			})
		}
	}
}

func TestTime(t *testing.T) {
	key := newKey(t)
	const hour, huge = 3600, 1<<63 - 1
	for name, test := range map[string]struct {
		iat, exp, nbf int64 // from now
		options       []accesstoken.VerifierOption
		kind          string
	}{
		"young":                         {0, 12 * hour, 0, nil, "none"},
		"about to expire":               {-12 * hour, 1, 0, nil, "none"},
		"expires now":                   {-12 * hour, 0, 0, nil, "none"},
		"expired, the clock is late":    {-12 * hour, -29, 0, nil, "none"},
		"expired":                       {-12 * hour, -30, 0, nil, "expired, invalid"},
		"long expired":                  {-24 * hour, -12 * hour, 0, nil, "expired, invalid"},
		"expired, no leeway":            {-12 * hour, 0, 0, []accesstoken.VerifierOption{accesstoken.WithLeeway(0)}, "expired, invalid"},
		"a second left, no leeway":      {-12 * hour, 1, 0, []accesstoken.VerifierOption{accesstoken.WithLeeway(0)}, "none"},
		"expired, more leeway":          {-12 * hour, -599, 0, []accesstoken.VerifierOption{accesstoken.WithLeeway(10 * time.Minute)}, "none"},
		"issued soon":                   {30, 12 * hour, 0, nil, "none"},
		"issued later":                  {31, 12 * hour, 0, nil, "invalid"},
		"issued soon, no leeway":        {1, 12 * hour, 0, []accesstoken.VerifierOption{accesstoken.WithLeeway(0)}, "invalid"},
		"used soon":                     {0, 12 * hour, 30, nil, "none"},
		"used later":                    {0, 12 * hour, 31, nil, "invalid"},
		"as long as can be":             {-hour, 23 * hour, 0, nil, "none"},
		"longer":                        {-hour, 23*hour + 1, 0, nil, "invalid"},
		"longer, as asked":              {-hour, 23*hour + 1, 0, []accesstoken.VerifierOption{accesstoken.WithMaxLifetime(25 * time.Hour)}, "none"},
		"longer than asked":             {0, 12 * hour, 0, []accesstoken.VerifierOption{accesstoken.WithMaxLifetime(12*time.Hour - time.Second)}, "invalid"},
		"dead at birth":                 {0, -1, 0, nil, "invalid"},
		"of no length":                  {0, 0, 0, nil, "invalid"},
		"for ever":                      {0, huge - issued.Unix(), 0, nil, "invalid"},
		"for ever, as asked":            {0, huge - issued.Unix(), 0, []accesstoken.VerifierOption{accesstoken.WithMaxLifetime(1<<63 - 1)}, "invalid"},
		"issued at the end of all time": {huge - issued.Unix(), huge - issued.Unix(), 0, nil, "invalid"},
		"used at the end of all time":   {0, 12 * hour, huge - issued.Unix(), nil, "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			claims := goodClaims(object{"iat": issued.Unix() + test.iat, "exp": issued.Unix() + test.exp})
			if test.nbf != 0 {
				claims["nbf"] = issued.Unix() + test.nbf
			}
			_, err := staticVerifier(t, key, test.options...).Verify(ctx, sign(t, key, "", claims))
			if kindOf(err) != test.kind {
				t.Errorf("got %s: %v", kindOf(err), err)
			}
		})
	}
}

func TestIssuersAreTheDocumentedOnesOrThoseOfTheOption(t *testing.T) {
	key := newKey(t)
	for iss, kind := range map[string]string{"picketapi.com": "none", "https://picketapi.com": "none", "https://picketapi.com/api/v1": "none", "http://127.0.0.1:4010/api/v1": "invalid"} {
		if _, err := staticVerifier(t, key).Verify(ctx, sign(t, key, "", goodClaims(object{"iss": iss}))); kindOf(err) != kind {
			t.Errorf("%s: got %s", iss, kindOf(err))
		}
	}
	replaced := staticVerifier(t, key, accesstoken.WithIssuers("https://a.test", "b"))
	for iss, kind := range map[string]string{"https://a.test": "none", "b": "none", "picketapi.com": "invalid", "a": "invalid"} {
		if _, err := replaced.Verify(ctx, sign(t, key, "", goodClaims(object{"iss": iss}))); kindOf(err) != kind {
			t.Errorf("%s in place of the default: got %s", iss, kindOf(err))
		}
	}
}

func TestEveryProjectIsAcceptedOnlyWhenAskedFor(t *testing.T) {
	key := newKey(t)
	keys, err := accesstoken.StaticKeys(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier("", keys, accesstoken.WithInsecureSkipAudience(), accesstoken.WithClock(atIssue))
	if err != nil {
		t.Fatal(err)
	}
	claims, err := verifier.Verify(ctx, sign(t, key, "", goodClaims(object{"aud": "another"})))
	if err != nil || claims.Audience != "another" {
		t.Errorf("got %+v, %v", claims, err)
	}
	for _, aud := range []any{nil, "", []string{"another"}} {
		wantInvalid(t, verifier, sign(t, key, "", goodClaims(object{"aud": aud})), "")
	}
}

func TestTheProjectIDMayBeInUpperCase(t *testing.T) {
	key := newKey(t)
	keys, err := accesstoken.StaticKeys(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(strings.ToUpper(projectID), keys, accesstoken.WithClock(atIssue))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(ctx, sign(t, key, "", goodClaims())); err != nil {
		t.Error(err)
	}
	wantInvalid(t, verifier, sign(t, key, "", goodClaims(object{"aud": strings.ToUpper(projectID)})), "aud")
}

func TestAVerifierForProjectsAcceptsTheirTokensAndNoOthers(t *testing.T) {
	const second, third = "0b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c12", "1b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c13"
	key := newKey(t)
	keys, err := accesstoken.StaticKeys(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{projectID, strings.ToUpper(second)}
	verifier, err := accesstoken.NewVerifierForProjects(ids, keys, accesstoken.WithClock(atIssue))
	if err != nil {
		t.Fatal(err)
	}
	ids[0] = third // which must not count any more
	for _, id := range []string{projectID, second} {
		claims, err := verifier.Verify(ctx, sign(t, key, "", goodClaims(object{"aud": id})))
		if err != nil || claims.Audience != id {
			t.Errorf("%s: got %+v, %v", id, claims, err)
		}
	}
	for _, aud := range []any{third, strings.ToUpper(second), projectID + "," + second, "", nil, []string{projectID, second}} {
		wantInvalid(t, verifier, sign(t, key, "", goodClaims(object{"aud": aud})), "")
	}
}

func TestNewVerifierForProjectsRefusesWhatWouldLetInOthers(t *testing.T) {
	key := newKey(t)
	keys, err := accesstoken.StaticKeys(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		projectIDs []string
		options    []accesstoken.VerifierOption
		says       string
	}{
		"none":                {nil, nil, "no project ID"},
		"an empty list":       {[]string{}, nil, "no project ID"},
		"only an empty one":   {[]string{""}, nil, "project ID is empty"},
		"an empty one":        {[]string{projectID, ""}, nil, "project 2 of 2: the project ID is empty"},
		"an API key":          {[]string{"sk_00000000000000000000000000000000", projectID}, nil, "project 1 of 2: the project ID is an API key"},
		"twice":               {[]string{projectID, strings.ToUpper(projectID)}, nil, "project 2 of 2: the project ID is there twice"},
		"any and one project": {[]string{projectID}, []accesstoken.VerifierOption{accesstoken.WithInsecureSkipAudience()}, "WithInsecureSkipAudience"},
		"a nil option":        {[]string{projectID}, []accesstoken.VerifierOption{nil}, "an option is nil"},
	} {
		verifier, err := accesstoken.NewVerifierForProjects(test.projectIDs, keys, test.options...)
		if verifier != nil || err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), projectID) || strings.Contains(err.Error(), "k_00") {
			t.Errorf("%s: got %v, %v", name, verifier, err)
		}
	}
	if verifier, err := accesstoken.NewVerifierForProjects([]string{projectID}, nil); verifier != nil || err == nil {
		t.Errorf("no keys: got %v, %v", verifier, err)
	}
}

func TestAVerifierThatNobodyMadeAcceptsNothing(t *testing.T) {
	key := newKey(t)
	gate, err := picket.NewGate("ethereum", picket.Requirements{AllowedWallets: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	for name, verifier := range map[string]*accesstoken.Verifier{"nil": nil, "zero": {}} {
		claims, err := verifier.Validate(ctx, sign(t, key, "", goodClaims()), gate)
		if claims != nil || kindOf(err) != "unavailable" || !strings.Contains(err.Error(), "was not made by NewVerifier") {
			t.Errorf("%s: got %v, %v", name, claims, err)
		}
	}
	var zero accesstoken.Verifier
	if zero.Now().IsZero() || zero.Leeway() != 0 {
		t.Errorf("got %v and %v", zero.Now(), zero.Leeway())
	}
}

func TestNewVerifierRefusesWhatWouldLetInOthers(t *testing.T) {
	key := newKey(t)
	keys, err := accesstoken.StaticKeys(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		projectID string
		keys      accesstoken.Keys
		option    accesstoken.VerifierOption
		says      string
	}{
		"no project":             {"", keys, nil, "project ID is empty"},
		"blank":                  {" ", keys, nil, "space"},
		"a line break":           {projectID + "\n", keys, nil, "trimmed"},
		"a secret key":           {"sk_00000000000000000000000000000000", keys, nil, "API key"},
		"a publishable key":      {"pk_00000000000000000000000000000000", keys, nil, "API key"},
		"in quotes":              {`"` + projectID + `"`, keys, nil, "quotation mark"},
		"in single quotes":       {"'" + projectID + "'", keys, nil, "quotation mark"},
		"a byte order mark":      {"\ufeff" + projectID, keys, nil, "invisible"},
		"a zero-width space":     {projectID[:8] + "\u200b" + projectID[8:], keys, nil, "invisible"},
		"a text direction":       {projectID + "\u202e", keys, nil, "invisible"},
		"a soft hyphen":          {projectID + "\u00ad", keys, nil, "invisible"},
		"a no-break space":       {projectID + "\u00a0", keys, nil, "space"},
		"NUL":                    {projectID + "\x00", keys, nil, "control"},
		"not UTF-8":              {projectID + "\xff", keys, nil, "UTF-8"},
		"a variable":             {"$PICKET_PROJECT_ID", keys, nil, "the name of a variable"},
		"a variable in braces":   {"${PICKET_PROJECT_ID}", keys, nil, "the name of a variable"},
		"a variable of Windows":  {"%PICKET_PROJECT_ID%", keys, nil, "the name of a variable"},
		"a variable of Actions":  {"${{ secrets.PICKET_PROJECT_ID }}", keys, nil, "the name of a variable"},
		"a secret key, quoted":   {`"sk_00000000000000000000000000000000"`, keys, nil, "quotation mark"},
		"a URL":                  {"https://picketapi.com/projects/" + projectID, keys, nil, "URL"},
		"a URN":                  {"urn:uuid:" + projectID, keys, nil, "not a UUID"},
		"in braces":              {"{" + projectID + "}", keys, nil, "not a UUID"},
		"without hyphens":        {strings.ReplaceAll(projectID, "-", ""), keys, nil, "not a UUID"},
		"hyphens elsewhere":      {"7b0f0d4f2-a52-4b8e-9c3d-5a1f6e8d2c11", keys, nil, "not a UUID"},
		"cut off":                {projectID[:35], keys, nil, "not a UUID"},
		"one digit too many":     {projectID + "0", keys, nil, "not a UUID"},
		"another digit":          {projectID[:35] + "g", keys, nil, "not a UUID"},
		"a name":                 {"my-project", keys, nil, "not a UUID"},
		"a star":                 {"*", keys, nil, "not a UUID"},
		"a nil option":           {projectID, keys, accesstoken.VerifierOption(nil), "an option is nil"},
		"no keys":                {projectID, nil, nil, "no keys"},
		"any and one project":    {projectID, keys, accesstoken.WithInsecureSkipAudience(), "WithInsecureSkipAudience"},
		"a nil clock for both":   {projectID, keys, accesstoken.Option(nil), "an option is nil"},
		"no issuer":              {projectID, keys, accesstoken.WithIssuers(), "WithIssuers"},
		"an empty issuer":        {projectID, keys, accesstoken.WithIssuers("a", ""), "WithIssuers"},
		"negative leeway":        {projectID, keys, accesstoken.WithLeeway(-1), "WithLeeway"},
		"too much leeway":        {projectID, keys, accesstoken.WithLeeway(time.Hour), "WithLeeway"},
		"no lifetime":            {projectID, keys, accesstoken.WithMaxLifetime(0), "WithMaxLifetime"},
		"a negative lifetime":    {projectID, keys, accesstoken.WithMaxLifetime(-time.Hour), "WithMaxLifetime"},
		"a lifetime of no token": {projectID, keys, accesstoken.WithMaxLifetime(time.Millisecond), "WithMaxLifetime"},
		"no clock":               {projectID, keys, accesstoken.WithClock(nil), "WithClock"},
	} {
		t.Run(name, func(t *testing.T) {
			var options []accesstoken.VerifierOption
			if test.option != nil || strings.HasPrefix(name, "a nil") {
				options = append(options, test.option)
			}
			verifier, err := accesstoken.NewVerifier(test.projectID, test.keys, options...)
			if verifier != nil || err == nil || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("got %v, %v", verifier, err)
			}
			if strings.Contains(err.Error(), "k_0000") || strings.Contains(err.Error(), projectID) {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}
