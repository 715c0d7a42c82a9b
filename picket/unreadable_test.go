package picket_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/seed-a13ee279/picket/picket"
)

// TestAResponseThatCannotBeReadIsRefusedWithThePlace shows nothing of the value, and nothing that package encoding/json says.
func TestAResponseThatCannotBeReadIsRefusedWithThePlace(t *testing.T) {
	type part struct {
		Count int32 `json:"count,omitzero"`
	}
	type response struct {
		At    time.Time                  `json:"at,omitzero"`
		On    openapi_types.Date         `json:"on,omitzero"`
		Bytes []byte                     `json:"bytes,omitzero"`
		Price float64                    `json:"price,omitzero"`
		Text  string                     `json:"text,omitzero"`
		Parts map[string][]part          `json:"parts,omitzero"`
		Maybe picket.Nullable[part]      `json:"maybe,omitzero"`
		When  picket.Nullable[time.Time] `json:"when,omitzero"`
		Total picket.Decimal             `json:"total,omitzero"`
		Other *part                      `json:"other,omitzero"`
	}
	for body, want := range map[string]string{
		`{"at":"hunter2"}`:                         `a string at "at"; it must be a time such as 2006-01-02T15:04:05Z (RFC 3339)`,
		`{"at":1}`:                                 `a number at "at"; it must be a time`,
		`{"on":"hunter2"}`:                         `a string at "on"; it must be a date such as 2006-01-02`,
		`{"bytes":"hunter2%"}`:                     `a string at "bytes"; it must be a string in base64`,
		`{"price":"hunter2"}`:                      `a string at "price"; it must be a number that fits into float64`,
		`{"text":["hunter2"]}`:                     `a list at "text"; it must be a string`,
		`{"parts":{"a":[{},{"count":"hunter2"}]}}`: `a string at "parts.a.1.count"; it must be a whole number that fits into int32`,
		`{"parts":"hunter2"}`:                      `a string at "parts"; it must be an object`,
		`{"maybe":{"count":true}}`:                 `a boolean at "maybe.count"; it must be a whole number`,
		`{"maybe":[]}`:                             `a list at "maybe"; it must be an object`,
		`{"when":"hunter2"}`:                       `a string at "when"; it must be a time`,
		`{"total":{}}`:                             `an object at "total"; it must be in the form that the API describes for it`,
		`{"other":{"count":5000000000}}`:           `a number at "other.count"; it must be a whole number that fits into int32`,
		`"hunter2"`:                                `the response is a string; it must be an object`,
	} {
		client, _ := serve(t, http.StatusOK, "application/json", body)
		err := client.Do(t.Context(), "GET", "/x", nil, &response{})
		if !errors.Is(err, picket.ErrUnexpectedResponse) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %q", body, err, want)
			continue
		}
		for _, text := range []string{"hunter2", "json:", "parsing", "unmarshal"} {
			if strings.Contains(err.Error(), text) || strings.Contains(errors.Unwrap(err).Error(), text) {
				t.Errorf("%s: %v shows %q", body, err, text)
			}
		}
	}
}

// TestANullableResponseIsCheckedAsAnyOther looks inside of what may be null.
func TestANullableResponseIsCheckedAsAnyOther(t *testing.T) {
	type part struct {
		ID string `json:"id"`
	}
	type response struct {
		Needed picket.Nullable[part] `json:"needed"`
		Maybe  picket.Nullable[part] `json:"maybe,omitzero"`
	}
	for body, want := range map[string]string{
		`{"needed":null}`:                     "",
		`{"needed":{"id":"a"},"maybe":null}`:  "",
		`{}`:                                  `lacks "needed"`,
		`{"needed":{}}`:                       `lacks "needed.id"`,
		`{"needed":null,"maybe":{"ID":"a"}}`:  `"maybe.ID", and not "id" exactly`,
		`{"needed":null,"needed":{"id":"a"}}`: `"needed" twice`,
		`{"needed":{"id":"a","id":"b"}}`:      `"needed.id" twice`,
	} {
		client, _ := serve(t, http.StatusOK, "application/json", body)
		err := client.Do(t.Context(), "GET", "/x", nil, &response{})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %q", body, err, want)
		}
	}
}
