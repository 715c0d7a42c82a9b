package mock

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// inThreeTypes has GET /chains answered as JSON, as CSV, or as a text.
var inThreeTypes = []string{
	"          description: The supported chains.\n          content:\n",
	`          description: The supported chains.
          content:
            text/csv:
              schema: {type: string}
              examples:
                table: {value: "chainSlug\n"}
            text/plain;variant=short:
              schema: {type: string}
              examples:
                short: {value: all}
`,
}

func TestTheRequestChoosesAmongTheMediaTypesOfAnAnswer(t *testing.T) {
	const json, csv, short = "application/json", "text/csv", "text/plain;variant=short"
	h := startUnwritten(t, 0, inThreeTypes...)
	type answer struct {
		Status             int
		ContentType, Vary  string
		PreferenceAnswered string
	}
	for name, test := range map[string]struct {
		accept []string
		prefer string
		want   string // a media type, or none
	}{
		"no header":                         {nil, "", json},
		"an empty header":                   {[]string{""}, "", json},
		"curl":                              {[]string{"*/*"}, "", json},
		"axios":                             {[]string{"application/json, text/plain, */*"}, "", json},
		"a browser":                         {[]string{"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}, "", json},
		"Java":                              {[]string{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}, "", json},
		"one type":                          {[]string{"text/csv"}, "", csv},
		"in capitals":                       {[]string{"TEXT/CSV"}, "", csv},
		"with a charset":                    {[]string{"text/csv; charset=utf-8"}, "", csv},
		"in two headers":                    {[]string{"image/png", "text/csv"}, "", csv},
		"a better one":                      {[]string{"application/json;q=0.4, text/csv;q=0.5"}, "", csv},
		"a range of types":                  {[]string{"text/*"}, "", csv},
		"a parameter":                       {[]string{"text/plain;variant=short"}, "", short},
		"a parameter that there is not":     {[]string{"text/plain;variant=long"}, "", ""},
		"anything but":                      {[]string{"*/*, application/json;q=0"}, "", csv},
		"the more specific one counts":      {[]string{"text/csv;q=0.1, text/*;q=0.9, */*;q=0.5"}, "", short},
		"another type":                      {[]string{"image/png"}, "", ""},
		"nothing":                           {[]string{"*/*;q=0"}, "", ""},
		"what cannot be read":               {[]string{"csv please"}, "", json},
		"a quality that is none":            {[]string{"text/csv;q=2"}, "", json},
		"a preferred status":                {[]string{"text/csv"}, "code=200", csv},
		"a preferred example":               {nil, "example=table", csv},
		"a preferred example of its type":   {[]string{"text/*"}, "example=short", short},
		"a preferred example of another":    {[]string{"application/json"}, "example=table", ""},
		"a preferred error, always as JSON": {[]string{"text/csv"}, "code=503", "503"},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequest(http.MethodGet, spec.BasePath+"/chains", nil)
			request.Header.Set("Authorization", basicKey)
			for _, accept := range test.accept {
				request.Header.Add("Accept", accept)
			}
			if test.prefer != "" {
				request.Header.Set("Prefer", test.prefer)
			}
			response := httptest.NewRecorder()
			h.ServeHTTP(response, request)
			want := answer{http.StatusOK, test.want, "Accept", test.prefer}
			switch test.want {
			case "":
				want = answer{http.StatusNotAcceptable, json, "", ""}
			case "503":
				want = answer{http.StatusServiceUnavailable, json, "", test.prefer}
			}
			header := response.Header()
			if diff := cmp.Diff(want, answer{response.Code, header.Get("Content-Type"), header.Get("Vary"), header.Get("Preference-Applied")}); diff != "" {
				t.Errorf("%s\n%s", diff, response.Body)
			}
		})
	}
	request := httptest.NewRequest(http.MethodGet, spec.BasePath+"/chains", nil)
	request.Header.Set("Authorization", basicKey)
	request.Header.Set("Accept", "image/png")
	response := httptest.NewRecorder()
	h.ServeHTTP(response, request)
	const refusal = `{"code":"parameter_invalid","msg":"the Accept header allows none of the media types that there are: application/json, text/csv, text/plain;variant=short"}` + "\n"
	if diff := cmp.Diff(refusal, response.Body.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAnAnswerOfOneTypeIsGivenWhateverTheRequestAccepts(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]http.Handler{"written": s.Handler(), "from the contract": startUnwritten(t, 0)} {
		request := httptest.NewRequest(http.MethodGet, spec.BasePath+"/chains", nil)
		request.Header.Set("Authorization", basicKey)
		request.Header.Set("Accept", "image/png")
		response := httptest.NewRecorder()
		h.ServeHTTP(response, request)
		if got := response.Header().Get("Content-Type"); response.Code != http.StatusOK || got != "application/json" {
			t.Errorf("%s: got %d %s %s", name, response.Code, got, response.Body)
		}
	}
}

// FuzzAccept sends any Accept header. The answer is always one of the media types, or a refusal.
func FuzzAccept(f *testing.F) {
	for _, accept := range []string{"", "*/*", "text/*;q=0.1, text/csv", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", `a/b;c="d,e";q=1`, "*/*;q=NaN", "/;=,;q", "*/csv"} {
		f.Add(accept)
	}
	h := startUnwritten(f, 0, inThreeTypes...)
	f.Fuzz(func(t *testing.T, accept string) {
		request := httptest.NewRequest(http.MethodGet, spec.BasePath+"/chains", nil)
		request.Header.Set("Authorization", basicKey)
		request.Header.Set("Accept", accept)
		response := httptest.NewRecorder()
		h.ServeHTTP(response, request)
		if response.Code != http.StatusOK && response.Code != http.StatusNotAcceptable {
			t.Errorf("got %d %s", response.Code, response.Body)
		}
	})
}
