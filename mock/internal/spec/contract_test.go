package spec_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

func TestADescriptionThatCannotBeUsedIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no description":  "{",
		"ambiguous paths": "{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {'/{a}/b': {get: {responses: {}}}, '/b/{a}': {get: {responses: {}}}}}",
	} {
		if _, err := spec.Read([]byte(text), "/api"); err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
}

func TestTheBasePathCanBeAnother(t *testing.T) {
	for base, path := range map[string]string{"": "/chains", "/v2": "/v2/chains", "/picket/api/": "/picket/api/chains"} {
		at, err := theAPI(t).At(base)
		if err != nil {
			t.Fatal(err)
		}
		if op := at.Find(httptest.NewRequest(http.MethodGet, path, nil)); op == nil || op.ID != "chains" || op.Path != path {
			t.Errorf("%q: found %+v", base, op)
		}
		if op := at.Find(httptest.NewRequest(http.MethodGet, "/api/v1/chains", nil)); op != nil {
			t.Errorf("%q: found %s under another base path", base, op.ID)
		}
	}
	for _, base := range []string{"v2", "/{v}", "/v2?a", "/a//b"} {
		if _, err := theAPI(t).At(base); err == nil {
			t.Errorf("%q is taken for a base path", base)
		}
	}
}
