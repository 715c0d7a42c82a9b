package controls

import (
	"context"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
)

func (o Operations) signingKeys() []SigningKey {
	list := []SigningKey{}
	for _, key := range o.house.Tokens.Keys() {
		list = append(list, SigningKey{Kid: key.ID, ServedUntil: key.Until.UTC()})
	}
	return list
}

func (o Operations) ListSigningKeys(context.Context, ListSigningKeysRequestObject) (ListSigningKeysResponseObject, error) {
	return ListSigningKeys200JSONResponse(o.signingKeys()), nil
}

func (o Operations) RotateSigningKey(ctx context.Context, request RotateSigningKeyRequestObject) (RotateSigningKeyResponseObject, error) {
	keep, next, err := tokens.Lifetime, (*tokens.Key)(nil), error(nil)
	if body := request.Body; body != nil && body.KeepSeconds != nil {
		keep = time.Duration(*body.KeepSeconds * float64(time.Second))
	}
	if body := request.Body; body != nil && body.PrivateKey != "" {
		next, err = tokens.ParseKey(body.PrivateKey)
	} else {
		next, err = tokens.RandomKey()
	}
	if err != nil {
		return nil, refusal.Invalid(err)
	}
	if err := o.house.Tokens.Rotate(next, keep, o.Project(ctx).Clock.Now); err != nil {
		return nil, err
	}
	return RotateSigningKey200JSONResponse(o.signingKeys()), nil
}
