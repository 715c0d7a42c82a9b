package wallets

import (
	"bytes"
	"errors"

	"filippo.io/edwards25519"
)

// checkEd25519Key refuses 32 bytes that are not the canonical encoding of a point (RFC 8032 section 5.1.3) other than the identity
// in the group that the base point generates. For a point of small order anyone can make signatures, and one off the group is
// no multiple of the base point, as every key is.
func checkEd25519Key(key []byte) error {
	point, err := new(edwards25519.Point).SetBytes(key)
	if err != nil || !bytes.Equal(point.Bytes(), key) {
		return errors.New("it is not a point on ed25519, and an account of a program has no key")
	}
	if isSmallOrder(point) {
		return errors.New("it is a point of small order on ed25519, for which anyone can sign")
	}
	// The order of the group times the point, as (order-1)·point + point, because a scalar is below the order.
	product := new(edwards25519.Point).VarTimeDoubleScalarBaseMult(minusOne(), point, edwards25519.NewScalar())
	if product.Add(product, point).Equal(edwards25519.NewIdentityPoint()) != 1 {
		return errors.New("it is a point outside the group of ed25519 keys")
	}
	return nil
}

func isSmallOrder(point *edwards25519.Point) bool {
	return new(edwards25519.Point).MultByCofactor(point).Equal(edwards25519.NewIdentityPoint()) == 1
}

// minusOne returns the order of the group less one.
func minusOne() *edwards25519.Scalar {
	one, err := edwards25519.NewScalar().SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
	if err != nil {
		panic(err) // 1 is below the order
	}
	return edwards25519.NewScalar().Negate(one)
}
