package accesstoken_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	secp256k1ecdsa "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

// forged are the claims that forgers would like to have.
func forged() object { return goodClaims(object{"displayAddress": "mallory.eth"}) }

func TestGoodTokensAreAccepted(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	claims := toJSON(t, goodClaims())
	for name, token := range map[string]picket.Secret{
		"of go-jose":               sign(t, key, "", goodClaims()),
		"with a kid":               sign(t, key, "key-1", goodClaims()),
		"by hand":                  assemble(t, key, goodHeader, claims),
		"without typ":              assemble(t, key, `{"alg":"ES256"}`, claims),
		"typ in lower case":        assemble(t, key, `{"alg":"ES256","typ":"jwt"}`, claims),
		"an unknown parameter":     assemble(t, key, `{"alg":"ES256","typ":"JWT","x5t":"AAAA","shop":{"a":1}}`, claims),
		"space in the JSON":        assemble(t, key, "{\n \"alg\": \"ES256\" }", " "+claims+"\n"),
		"escapes in the JSON":      assemble(t, key, `{"\u0061lg":"ES\u003256"}`, strings.Replace(claims, `"iss"`, `"\u0069ss"`, 1)),
		"an unknown claim":         sign(t, key, "", goodClaims(object{"shop": object{"a": []int{1}}, "jti": "1"})),
		"the other root, r and -s": malleated(t, key),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := verifier.Verify(ctx, token)
			if err != nil {
				t.Fatal(err)
			}
			if got.WalletAddress != address || got.ExpiresAt.Time() != issued.Add(12*time.Hour) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// malleated is a good token with the other of the two signatures that verify wherever one does: it says the same.
func malleated(t *testing.T, key *ecdsa.PrivateKey) picket.Secret {
	text := encode(goodHeader) + "." + encode(toJSON(t, goodClaims()))
	both := signature(t, key, text)
	s := new(big.Int).SetBytes(both[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(both[32:])
	return picket.Secret(text + "." + base64.RawURLEncoding.EncodeToString(both))
}

func TestOtherAlgorithmsAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	claims := toJSON(t, forged())
	for _, alg := range []string{
		`"none"`, `"None"`, `"NONE"`, `"nOnE"`, `"none "`, `" none"`, `"no\u006ee"`, `"none\u0000"`, `""`, `null`, `0`, `true`, `[]`, `["ES256"]`, `["none"]`, `{}`,
		`"es256"`, `"ES256 "`, `"ES256K"`, `"ES384"`, `"ES512"`, `"RS256"`, `"PS256"`, `"EdDSA"`, `"HS256"`, `"HS384"`, `"HS512"`, `"ECDH-ES"`, `"dir"`,
	} {
		t.Run(alg, func(t *testing.T) {
			header := `{"alg":` + alg + `,"typ":"JWT"}`
			wantInvalid(t, verifier, assemble(t, key, header, claims), "ES256") // with a signature that verifies as ES256
			wantInvalid(t, verifier, picket.Secret(encode(header)+"."+encode(claims)+"."), "")
			wantInvalid(t, verifier, picket.Secret(encode(header)+"."+encode(claims)), "three parts")
		})
	}
	t.Run("absent", func(t *testing.T) {
		wantInvalid(t, verifier, assemble(t, key, `{"typ":"JWT"}`, claims), "ES256")
		wantInvalid(t, verifier, assemble(t, key, `{"ALG":"ES256"}`, claims), "ES256")
	})
}

func TestThePublicKeyIsNoHMACSecret(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	inPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	jwk := jose.JSONWebKey{Key: &key.PublicKey}
	for name, secret := range map[string][]byte{
		"PEM": inPEM, "PEM trimmed": []byte(strings.TrimSpace(string(inPEM))), "DER": der,
		"JWK": []byte(toJSON(t, jwk)), "JWKS": []byte(toJSON(t, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{jwk}})),
		"point": point, "x and y": point[1:], "x": point[1:33], "none": {},
	} {
		for _, header := range []string{`{"alg":"HS256","typ":"JWT"}`, goodHeader} {
			t.Run(name+", "+header, func(t *testing.T) {
				text := encode(header) + "." + encode(toJSON(t, forged()))
				mac := hmac.New(sha256.New, secret)
				mac.Write([]byte(text))
				sum := mac.Sum(nil)
				wantInvalid(t, verifier, picket.Secret(text+"."+base64.RawURLEncoding.EncodeToString(sum)), "ES256")
				wantInvalid(t, verifier, picket.Secret(text+"."+base64.RawURLEncoding.EncodeToString(append(sum, sum...))), "")
			})
		}
	}
}

func TestAKeyInTheHeaderIsRefused(t *testing.T) {
	key, mallory := newKey(t), newKey(t)
	verifier := staticVerifier(t, key)
	certificate, err := x509.CreateCertificate(rand.Reader,
		&x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mallory"}},
		&x509.Certificate{SerialNumber: big.NewInt(1)}, &mallory.PublicKey, mallory)
	if err != nil {
		t.Fatal(err)
	}
	claims := toJSON(t, forged())
	for parameter, value := range map[string]any{
		"jwk":  jose.JSONWebKey{Key: &mallory.PublicKey},
		"jku":  "https://mallory.test/jwks",
		"x5u":  "https://mallory.test/cert",
		"x5c":  []string{base64.StdEncoding.EncodeToString(certificate)},
		"crit": []string{"exp"},
		"b64":  false,
		"cty":  "JWT",
	} {
		for form, value := range map[string]any{"as forged": value, "null": nil, "empty": []string{}, "number": 1} {
			t.Run(parameter+", "+form, func(t *testing.T) {
				header := toJSON(t, object{"alg": "ES256", "typ": "JWT", parameter: value})
				wantInvalid(t, verifier, assemble(t, mallory, header, claims), "")
				// Also when the right key signed it.
				wantInvalid(t, verifier, assemble(t, key, header, claims), "")
			})
		}
	}
}

func TestMalformedHeadersAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	for _, header := range []string{
		``, `null`, `[]`, `"ES256"`, `{`, `{}`, `{"alg":"ES256"`, `{"alg":"ES256"}{}`, `{"alg":"ES256"} x`, "\xef\xbb\xbf" + goodHeader,
		`{"alg":"ES256","alg":"ES256"}`, `{"alg":"none","alg":"ES256"}`, `{"alg":"ES256","a\u006cg":"none"}`, `{"alg":"ES256","typ":"JWT","typ":"JWT"}`,
		`{"alg":"ES256","kid":"a","kid":"b"}`, `{"alg":"ES256","shop":{"a":1,"a":2}}`,
		`{"alg":"ES256","kid":""}`, `{"alg":"ES256","kid":null}`, `{"alg":"ES256","kid":1}`, `{"alg":"ES256","kid":["a"]}`,
		`{"alg":"ES256","typ":"JOSE"}`, `{"alg":"ES256","typ":"at+jwt"}`, `{"alg":"ES256","typ":"logout+jwt"}`, `{"alg":"ES256","typ":"JWT "}`,
		`{"alg":"ES256","typ":""}`, `{"alg":"ES256","typ":null}`, `{"alg":"ES256","typ":["JWT"]}`,
		`{"alg":"ES256","crit":` + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + `}`, `{"alg":"ES256","a":` + strings.Repeat("[", 10_000),
	} {
		t.Run(header[:min(len(header), 60)], func(t *testing.T) {
			wantInvalid(t, verifier, assemble(t, key, header, toJSON(t, forged())), "")
		})
	}
}

func TestOtherKeysAndCurvesAreRefused(t *testing.T) {
	verifier := staticVerifier(t, newKey(t))
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for algorithm, key := range map[jose.SignatureAlgorithm]any{jose.ES384: p384, jose.RS256: rsaKey, jose.PS256: rsaKey} {
		t.Run(string(algorithm), func(t *testing.T) {
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
			if err != nil {
				t.Fatal(err)
			}
			token, err := jwt.Signed(signer).Claims(forged()).Serialize()
			if err != nil {
				t.Fatal(err)
			}
			_, rest, _ := strings.Cut(token, ".")
			wantInvalid(t, verifier, picket.Secret(token), "ES256")
			wantInvalid(t, verifier, picket.Secret(encode(goodHeader)+"."+rest), "ES256")
		})
	}
	t.Run("another P-256 key", func(t *testing.T) {
		wantInvalid(t, verifier, sign(t, newKey(t), "", forged()), "signature")
	})
	t.Run("secp256k1", func(t *testing.T) {
		k1, err := secp256k1.GeneratePrivateKey()
		if err != nil {
			t.Fatal(err)
		}
		text := encode(goodHeader) + "." + encode(toJSON(t, forged()))
		digest := sha256.Sum256([]byte(text))
		compact := secp256k1ecdsa.SignCompact(k1, digest[:], false)
		wantInvalid(t, verifier, picket.Secret(text+"."+base64.RawURLEncoding.EncodeToString(compact[1:])), "signature")
	})
}

func TestMalformedSignaturesAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	text := encode(goodHeader) + "." + encode(toJSON(t, forged()))
	good := signature(t, key, text)
	der, err := asn1.Marshal([]*big.Int{new(big.Int).SetBytes(good[:32]), new(big.Int).SetBytes(good[32:])})
	if err != nil {
		t.Fatal(err)
	}
	order := elliptic.P256().Params().N.Bytes()
	zero := make([]byte, 32)
	flipped := append([]byte{}, good...)
	flipped[40] ^= 1
	for name, bytes := range map[string][]byte{
		"empty": {}, "one byte": good[:1], "r alone": good[:32], "a byte less": good[:63], "a byte more": append(good[:64:64], 0),
		"twice": append(good[:64:64], good...), "ASN.1 DER": der, "zero": make([]byte, 64),
		"r is zero": append(zero[:32:32], good[32:]...), "s is zero": append(good[:32:32], zero...),
		"r is the order": append(order[:32:32], good[32:]...), "s is the order": append(good[:32:32], order...),
		"a bit flipped": flipped, "r and s swapped": append(good[32:64:64], good[:32]...),
	} {
		t.Run(name, func(t *testing.T) {
			wantInvalid(t, verifier, picket.Secret(text+"."+base64.RawURLEncoding.EncodeToString(bytes)), "")
		})
	}
	t.Run("of other claims", func(t *testing.T) {
		other := encode(goodHeader) + "." + encode(toJSON(t, goodClaims()))
		wantInvalid(t, verifier, picket.Secret(text+"."+base64.RawURLEncoding.EncodeToString(signature(t, key, other))), "signature")
	})
	t.Run("of another header", func(t *testing.T) {
		other := encode(`{"alg":"ES256"}`) + "." + encode(toJSON(t, forged()))
		wantInvalid(t, verifier, picket.Secret(text+"."+base64.RawURLEncoding.EncodeToString(signature(t, key, other))), "signature")
	})
}

// The signatures of these verify over the text as it is; it is the text that is not as it has to be.
func TestOtherFormsThanCompactBase64URLAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	claims := toJSON(t, forged())
	for len(claims)%3 != 1 {
		claims += " " // so that the encoded claims end with four bits that mean nothing
	}
	if _, err := verifier.Verify(ctx, assemble(t, key, goodHeader, claims)); err != nil {
		t.Fatal(err)
	}
	header, payload := encode(goodHeader), encode(claims)
	withBits := payload[:len(payload)-1] + string(payload[len(payload)-1]+1)
	good := string(signParts(t, key, header, payload))
	parts := strings.Split(good, ".")
	standard := base64.RawStdEncoding.EncodeToString([]byte(strings.Replace(claims, "mallory", "???>>>~~~", 1)))
	if !strings.ContainsAny(standard, "+/") {
		t.Fatal("the claims do not need the characters that differ")
	}
	bits := parts[2][:85] + map[byte]string{'A': "B", 'Q': "R", 'g': "h", 'w': "x"}[parts[2][85]]

	for name, token := range map[string]picket.Secret{
		"empty":                       "",
		"one part":                    picket.Secret(parts[0]),
		"two parts":                   picket.Secret(parts[0] + "." + parts[1]),
		"four parts":                  picket.Secret(good + "." + parts[2]),
		"a point at the end":          picket.Secret(good + "."),
		"points":                      "..",
		"many points":                 picket.Secret(strings.Repeat(".", maxTokenBytes)),
		"space in front":              picket.Secret(" " + good),
		"space behind":                picket.Secret(good + " "),
		"a line break behind":         picket.Secret(good + "\n"),
		"a line break in a part":      picket.Secret(parts[0] + "." + parts[1][:8] + "\n" + parts[1][8:] + "." + parts[2]),
		"a line break that is signed": signParts(t, key, header, payload[:8]+"\r\n"+payload[8:]),
		"a tab":                       picket.Secret(parts[0] + ".\t" + parts[1] + "." + parts[2]),
		"NUL":                         picket.Secret(good + "\x00"),
		"not UTF-8":                   picket.Secret("\xff" + good),
		"padded claims":               signParts(t, key, header, payload+"=="),
		"a padded header":             signParts(t, key, encode(`{"alg":"ES256" }`)+"==", payload),
		"a padded signature":          picket.Secret(good + "=="),
		"base64, not base64url":       signParts(t, key, header, standard),
		"bits at the end of claims":   signParts(t, key, header, withBits),
		"bits at the end, unsigned":   picket.Secret(parts[0] + "." + withBits + "." + parts[2]),
		"bits at the signature's end": picket.Secret(parts[0] + "." + parts[1] + "." + bits),
		"claims that are not encoded": signParts(t, key, header, claims),
		"no claims":                   signParts(t, key, header, ""),
		"Bearer":                      picket.Secret("Bearer " + good),
		"flattened JSON":              picket.Secret(toJSON(t, object{"protected": parts[0], "payload": parts[1], "signature": parts[2]})),
		"general JSON":                picket.Secret(toJSON(t, object{"payload": parts[1], "signatures": []object{{"protected": parts[0], "signature": parts[2]}}})),
		"an unprotected header":       picket.Secret(toJSON(t, object{"header": object{"alg": "ES256"}, "payload": parts[1], "signature": parts[2]})),
		"too long":                    assemble(t, key, goodHeader, claims+strings.Repeat(" ", maxTokenBytes)),
	} {
		t.Run(name, func(t *testing.T) { wantInvalid(t, verifier, token, "") })
	}
}

func TestATokenMayBeAsLongAsItsBoundAndNoLonger(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	claims := toJSON(t, goodClaims())
	// Three bytes of claims take four of the token.
	room := maxTokenBytes - len(assemble(t, key, goodHeader, claims))
	for name, test := range map[string]struct {
		padding int
		ok      bool
	}{"within": {room/4*3 - 3, true}, "beyond": {room/4*3 + 3, false}} {
		t.Run(name, func(t *testing.T) {
			token := assemble(t, key, goodHeader, claims+strings.Repeat(" ", test.padding))
			if _, err := verifier.Verify(ctx, token); (err == nil) != test.ok {
				t.Errorf("a token of %d bytes: %v", len(token), err)
			}
		})
	}
}

func TestEncryptedAndNestedTokensAreRefused(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	inner := string(sign(t, key, "", forged()))
	encrypter, err := jose.NewEncrypter(jose.A128GCM, jose.Recipient{Algorithm: jose.ECDH_ES, Key: &key.PublicKey},
		(&jose.EncrypterOptions{}).WithContentType("JWT").WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	encrypted, err := encrypter.Encrypt([]byte(inner))
	if err != nil {
		t.Fatal(err)
	}
	jwe, err := encrypted.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	wantInvalid(t, verifier, picket.Secret(jwe), "three parts")
	wantInvalid(t, verifier, picket.Secret(encrypted.FullSerialize()), "three parts")
	wantInvalid(t, verifier, assemble(t, key, `{"alg":"ES256","cty":"JWT"}`, inner), "cty")
	wantInvalid(t, verifier, assemble(t, key, goodHeader, inner), "JSON")
	wantInvalid(t, verifier, assemble(t, key, goodHeader, `"`+inner+`"`), "JSON")
}

// The vector of RFC 7515 appendix A.3, which others made. Its claims are no access token's, so that it gets as far as
// that.
func TestTheSignatureOfRFC7515VerifiesAndNoOther(t *testing.T) {
	const (
		jwk = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`
		jws = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ." +
			"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
	)
	keys, err := accesstoken.ParseKeys([]byte(jwk))
	if err != nil {
		t.Fatal(err)
	}
	verifier := newVerifier(t, keys)
	wantInvalid(t, verifier, jws, "it has no aud")
	for i := range len(jws) {
		altered := []byte(jws)
		altered[i] ^= 1
		_, err := verifier.Verify(ctx, picket.Secret(altered))
		if kindOf(err) != "invalid" || strings.Contains(err.Error(), "aud") {
			t.Fatalf("altered at %d: %v", i, err)
		}
	}
}
