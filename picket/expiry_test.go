package picket_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

func TestWhatIsNoTokenCostsNothing(t *testing.T) {
	dots := picket.Secret(strings.Repeat(".", 16<<20))
	cost := testing.Benchmark(func(b *testing.B) {
		for range b.N {
			_, _ = picket.AccessTokenExpiry(dots)
		}
	}).AllocedBytesPerOp()
	if cost > 1<<20 {
		t.Errorf("16 MiB of points cost %d bytes", cost)
	}
}

func TestATokenSaysWhenItExpires(t *testing.T) {
	token := func(claims string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	}
	moment := time.Date(2022, 10, 25, 13, 12, 36, 0, time.UTC)
	for name, test := range map[string]struct{ token, want string }{ // what the error says, if there is one
		"a token":              {token(`{"iat":1,"exp":1666703556,"sub":"ethereum:0x1"}`), ""},
		"a fraction":           {token(`{"exp":1666703556.9}`), ""},
		"an escaped name":      {token(`{"e\u0078p":1666703556}`), ""},
		"a nested one":         {token(`{"a":{"exp":1},"exp":1666703556}`), ""},
		"nothing":              {"", "three parts"},
		"two parts":            {"e30.e30", "three parts"},
		"four parts":           {token(`{"exp":1666703556}`) + ".x", "three parts"},
		"no base64":            {"e30.{}.c2ln", "base64url"},
		"padding":              {"e30.e30=.c2ln", "base64url"},
		"no JSON":              {token(`{"exp":`), "not a JSON object"},
		"no claims":            {token(``), "not a JSON object"},
		"a list":               {token(`[1666703556]`), "not a JSON object"},
		"no exp":               {token(`{"ext":1666703556}`), "no claim exp"},
		"another case":         {token(`{"EXP":1666703556}`), "no claim exp"},
		"twice":                {token(`{"exp":1,"exp":1666703556}`), "several claims exp"},
		"twice, another case":  {token(`{"exp":1666703556,"Exp":1}`), "several claims exp"},
		"null":                 {token(`{"exp":null}`), "not a number"},
		"a string":             {token(`{"exp":"1666703556"}`), "not a number"},
		"an object":            {token(`{"exp":{}}`), "not a number"},
		"larger than a number": {token(`{"exp":99999999999999999999}`), "not a number"},
		"1970":                 {token(`{"exp":0}`), "from 1970 to 9999"},
		"before 1970":          {token(`{"exp":-0.5}`), "from 1970 to 9999"},
		"after 9999":           {token(`{"exp":253402300800}`), "from 1970 to 9999"},
		"beyond a time":        {token(`{"exp":9223372036854775807}`), "from 1970 to 9999"},
		"64 KiB":               {token(`{"exp":1666703556}`) + strings.Repeat("A", 64<<10-len(token(`{"exp":1666703556}`))), ""},
		"larger than a token":  {token(`{"exp":1666703556}`) + strings.Repeat("A", 64<<10), "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := picket.AccessTokenExpiry(picket.Secret(test.token))
			switch {
			case test.want == "" && (err != nil || !got.Equal(moment) || got.Location() != time.UTC):
				t.Errorf("got %v, %v", got, err)
			case test.want != "" && (!got.IsZero() || !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, %v; want %q", got, err, test.want)
			case err != nil && len(test.token) > 8 && strings.Contains(err.Error(), test.token):
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}
