package picket_test

import (
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
)

// Each of these is in place of the API key; the error names the cause, and not the key.
var brokenKeys = map[string]struct{ key, want string }{
	"empty":                     {"", "empty"},
	"spaces":                    {"   ", "only spaces"},
	"line break":                {testKey + "\n", "trimmed"},
	"return":                    {testKey + "\r", "control character"},
	"header":                    {testKey + "\r\nX-Evil: 1", "control character"},
	"NUL":                       {testKey + "\x00", "control character"},
	"DEL":                       {testKey + "\x7f", "control character"},
	"C1":                        {testKey + "\u0085", "control character"},
	"tab":                       {"\t" + testKey, "control character"},
	"colon":                     {testKey + ":", "colon"},
	"space":                     {testKey + " ", "space"},
	"space in front":            {" " + testKey, "space"},
	"two keys":                  {testKey + " " + testKey, "space"},
	"single quotes":             {"'" + testKey + "'", "quotation mark"},
	"double quotes":             {`"` + testKey + `"`, "quotation mark"},
	"back quotes":               {"`" + testKey + "`", "quotation mark"},
	"typographic quotes":        {"“" + testKey + "”", "quotation mark"},
	"German quotes":             {"„" + testKey + "“", "quotation mark"},
	"French quotes":             {"«" + testKey + "»", "quotation mark"},
	"typographic single quotes": {"‘" + testKey + "’", "quotation mark"},
	"one quote":                 {testKey + `"`, "quotation mark"},
	"byte order mark":           {"\uFEFF" + testKey, "U+FEFF (a byte order mark)"},
	"zero-width space":          {testKey + "\u200b", "U+200B (a zero-width space)"},
	"zero-width joiner inside":  {testKey[:9] + "\u200d" + testKey[9:], "U+200D"},
	"no-break space":            {testKey + "\u00a0", "U+00A0 (a no-break space)"},
	"narrow no-break space":     {"\u202f" + testKey, "U+202F"},
	"ideographic space":         {"\u3000" + testKey, "U+3000"},
	"line separator":            {testKey + "\u2028", "U+2028"},
	"right-to-left override":    {"\u202e" + testKey, "U+202E"},
	"soft hyphen":               {testKey[:9] + "\u00ad" + testKey[9:], "U+00AD (a soft hyphen)"},
	"Hangul filler":             {testKey + "\u3164", "U+3164"},
	"variation selector":        {testKey + "\ufe0f", "U+FE0F"},
	"a variable of the shell":   {"$PICKET_API_KEY", "name of a variable"},
	"one in braces":             {"${PICKET_API_KEY}", "name of a variable"},
	"one with a default":        {"${PICKET_API_KEY:-none}", "name of a variable"},
	"a variable of Windows":     {"%PICKET_API_KEY%", "name of a variable"},
	"a variable of PowerShell":  {"$env:PICKET_API_KEY", "name of a variable"},
	"a secret of GitHub":        {"${{ secrets.PICKET_API_KEY }}", "name of a variable"},
	"a template":                {"{{ .Values.picketKey }}", "name of a variable"},
	"a command":                 {"$(cat key)", "name of a variable"},
	"only the name":             {"PICKET_API_KEY", "name of a variable"},
	"a placeholder":             {"<your key>", "placeholder"},
	"one of the documentation":  {"sk_…", "placeholder"},
	"stars":                     {"********", "placeholder"},
	"Bearer":                    {"Bearer " + testKey, "authorization scheme"},
	"basic":                     {"basic " + testKey, "authorization scheme"},
	"a whole line":              {"PICKET_API_KEY=" + testKey, "whole line"},
	"a whole line in quotes":    {`PICKET_API_KEY='` + testKey + `'`, "whole line"},
	"a line of a script":        {"export PICKET_API_KEY=" + testKey, "whole line"},
	"a URL":                     {"https://picketapi.com/api/v1", "interchanged"},
	"a URL with the key":        {"https://" + testKey + "@picketapi.com", "interchanged"},
	"not UTF-8":                 {testKey + "\xff", "UTF-8"},
	"UTF-16":                    {"\xff\xfes\x00k\x00", "UTF-8"},
	"Cyrillic":                  {"ѕk_0123456789abcdef0123456789abcdef", "ASCII"},
	"a user's token":            {sample, "access token"},
}

func TestNewRefusesKeysThatNoProjectHas(t *testing.T) {
	for name, test := range brokenKeys {
		t.Run(name, func(t *testing.T) {
			_, err := picket.New(test.key)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, which does not say %q", err, test.want)
			}
			if strings.Contains(err.Error(), "0123") || strings.Contains(err.Error(), sample) || strings.ContainsAny(err.Error(), "\n\r\u202e") {
				t.Errorf("the error shows the key: %q", err)
			}
			if test.key == "" {
				return
			}
			if strings.ContainsRune(test.key, 0) {
				return // the environment cannot hold it
			}
			t.Setenv("PICKET_API_KEY", test.key)
			if _, fromEnv := picket.NewFromEnv(); fromEnv == nil || !strings.Contains(fromEnv.Error(), "PICKET_API_KEY") || !strings.Contains(fromEnv.Error(), test.want) {
				t.Errorf("from the environment: %v", fromEnv)
			}
		})
	}
}

func TestKeysOfEveryFormThatMayBeAreTaken(t *testing.T) {
	for _, key := range []string{testKey, "pk_0123456789abcdef0123456789abcdef", "key", "K3Y-with.odd~chars_+/=", "sk_live_$1%2", "a'b"} {
		if _, err := picket.New(key); err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestABaseURLThatIsNoneIsRefusedWithItsCause(t *testing.T) {
	const base = "https://picketapi.com/api/v1"
	for name, test := range map[string]struct{ base, want string }{
		"quotes":                  {`"` + base + `"`, "quotation mark"},
		"single quotes":           {"'" + base + "'", "quotation mark"},
		"typographic quotes":      {"“" + base + "”", "quotation mark"},
		"byte order mark":         {"\uFEFF" + base, "U+FEFF (a byte order mark)"},
		"zero-width space":        {base + "\u200b", "U+200B (a zero-width space)"},
		"one in the host":         {"https://picket\u200bapi.com/api/v1", "U+200B"},
		"no-break space":          {base + "\u00a0", "U+00A0 (a no-break space)"},
		"line break":              {base + "\n", "line break"},
		"space":                   {base + " ", "space"},
		"space in front":          {" " + base, "space"},
		"a variable":              {"$PICKET_BASE_URL", "name of a variable"},
		"one in braces":           {"${PICKET_BASE_URL}", "name of a variable"},
		"a variable of Windows":   {"%PICKET_BASE_URL%", "name of a variable"},
		"only the name":           {"PICKET_BASE_URL", "name of a variable"},
		"a placeholder":           {"<the base URL>", "placeholder"},
		"a whole line":            {"PICKET_BASE_URL=" + base, "whole line"},
		"a key":                   {testKey, "interchanged"},
		"a key of another":        {"sk_ffffffffffffffffffffffffffffffff", "not an absolute https URL"},
		"without a scheme":        {"picketapi.com/api/v1", "not an absolute https URL"},
		"in the clear":            {"http://picketapi.com/api/v1", "WithInsecureHTTP"},
		"in the clear, 127.1":     {"http://127.1:4010", "WithInsecureHTTP"},
		"in the clear, 0.0.0.0":   {"http://0.0.0.0:4010", "WithInsecureHTTP"},
		"in the clear, alike":     {"http://localhost.evil.example", "WithInsecureHTTP"},
		"in the clear, container": {"http://mock:4010/api/v1", "WithInsecureHTTP"},
		"not UTF-8":               {base + "\xff", "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := picket.New(testKey, picket.WithBaseURL(test.base))
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "base URL") {
				t.Fatalf("got %v, which does not say %q", err, test.want)
			}
			t.Setenv("PICKET_API_KEY", testKey)
			t.Setenv("PICKET_BASE_URL", test.base)
			_, fromEnv := picket.NewFromEnv()
			if fromEnv == nil || !strings.Contains(fromEnv.Error(), test.want) || !strings.Contains(fromEnv.Error(), "PICKET_BASE_URL") {
				t.Errorf("from the environment: %v", fromEnv)
			}
			for _, err := range []error{err, fromEnv} {
				if strings.Contains(err.Error(), "0123") || strings.Contains(err.Error(), "ffff") || strings.ContainsAny(err.Error(), "\n\u200b") {
					t.Errorf("the error shows a key, or is not one plain line: %q", err)
				}
			}
		})
	}
	for _, loopback := range []string{"http://LocalHost:4010/api/v1", "http://localhost.:4010", "http://127.9.9.9", "http://[::1]:4010", "http://[::ffff:127.0.0.1]/"} {
		if _, err := picket.New(testKey, picket.WithBaseURL(loopback)); err != nil {
			t.Errorf("%s: %v", loopback, err)
		}
	}
	if _, err := picket.New(testKey, picket.WithBaseURL("http://mock:4010"), picket.WithInsecureHTTP()); err != nil {
		t.Error(err)
	}
}

// The key may be anywhere in what else is given.
func TestNoErrorOfNewShowsTheKey(t *testing.T) {
	for name, option := range map[string]picket.Option{
		"the host":     picket.WithBaseURL("http://" + testKey + ".example"),
		"the path":     picket.WithBaseURL("http://example.com/" + testKey),
		"the user":     picket.WithBaseURL("https://" + testKey + "@example.com"),
		"the product":  picket.WithUserAgent(testKey + "\n"),
		"the chain":    picket.WithChain("https:" + testKey),
		"the site":     picket.WithOrigin("http://" + testKey),
		"another site": picket.WithOrigin("https://" + testKey + "/"),
	} {
		_, err := picket.New(testKey, option)
		if err == nil || strings.Contains(err.Error(), testKey) || strings.Contains(err.Error(), strings.ToUpper(testKey)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
