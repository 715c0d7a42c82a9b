package wallets

import (
	stdecdsa "crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// Key is a private key, as a wallet holds it. It is never shown.
type Key struct {
	Address string // in canonical form
	Chain   string // the slug of a chain that it can log in on

	sign    func(message string) (picket.Secret, error)
	private picket.Secret // in the form in which Restore takes it
	curve   string        // of a key on Flow
}

// Private returns the private key, and its curve if it is one on Flow, for Restore.
func (k Key) Private() (private picket.Secret, curve string) { return k.private, k.curve }

// Sign returns the signature of a message as Auth takes it.
func (k Key) Sign(message string) (picket.Secret, error) { return k.sign(message) }

// CanSign reports whether there is a key.
func (k Key) CanSign() bool { return k.sign != nil }

// NewEthereum returns a new secp256k1 key, which signs by EIP-191 personal_sign.
func NewEthereum() (Key, error) {
	key, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		return Key{}, err
	}
	return ethereumKey(key), nil
}

func ethereumKey(key *secp256k1.PrivateKey) Key {
	sign := func(message string) (picket.Secret, error) { return signEthereum(key, message), nil }
	return Key{ethereumAddress(key.PubKey()), DefaultChain, sign, picket.Secret("0x" + hex.EncodeToString(key.Serialize())), ""}
}

// NewSolana returns a new ed25519 key.
func NewSolana() (Key, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, err
	}
	return solanaKey(private), nil
}

func solanaKey(private ed25519.PrivateKey) Key {
	public := private[ed25519.SeedSize:]
	sign := func(message string) (picket.Secret, error) {
		return picket.Secret(base58.Encode(ed25519.Sign(private, []byte(message)))), nil
	}
	return Key{base58.Encode(public), "solana", sign, picket.Secret(base58.Encode(private)), ""}
}

// NewFlow returns the key of a new Flow account, on CurveP256 or CurveSecp256k1 and with HashSHA3, and its public half.
func NewFlow(curve string) (Key, FlowKey, error) {
	var address [8]byte
	_, _ = rand.Read(address[:]) // never fails, by its documentation
	var scalar []byte
	switch curve {
	case CurveP256:
		private, err := stdecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err == nil {
			scalar, err = private.Bytes()
		}
		if err != nil {
			return Key{}, FlowKey{}, err
		}
	case CurveSecp256k1:
		private, err := secp256k1.GeneratePrivateKey()
		if err != nil {
			return Key{}, FlowKey{}, err
		}
		scalar = private.Serialize()
	}
	return flowKey("0x"+hex.EncodeToString(address[:]), curve, scalar)
}

// flowKey returns the key of a Flow account with HashSHA3, and its public half.
func flowKey(address, curve string, scalar []byte) (Key, FlowKey, error) {
	public := FlowKey{Address: address, Curve: curve, Hash: HashSHA3}
	key := Key{Address: address, Chain: "flow", private: picket.Secret(hex.EncodeToString(scalar)), curve: curve}
	switch curve {
	case CurveP256:
		private, err := stdecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
		if err != nil {
			return Key{}, FlowKey{}, errFlowKey
		}
		point, err := private.PublicKey.Bytes()
		if err != nil {
			return Key{}, FlowKey{}, err
		}
		public.PublicKey = hex.EncodeToString(point[1:])
		key.sign = func(message string) (picket.Secret, error) {
			r, s, err := stdecdsa.Sign(rand.Reader, private, flowHash(HashSHA3, message))
			if err != nil {
				return "", err
			}
			return picket.Secret(hex.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))), nil
		}
	case CurveSecp256k1:
		var number secp256k1.ModNScalar
		if len(scalar) != 32 || number.SetByteSlice(scalar) || number.IsZero() {
			return Key{}, FlowKey{}, errFlowKey
		}
		private := secp256k1.NewPrivateKey(&number)
		public.PublicKey = hex.EncodeToString(private.PubKey().SerializeUncompressed()[1:])
		key.sign = func(message string) (picket.Secret, error) {
			compact := ecdsa.SignCompact(private, flowHash(HashSHA3, message), false)
			return picket.Secret(hex.EncodeToString(compact[1:])), nil
		}
	default:
		return Key{}, FlowKey{}, fmt.Errorf("the curve %q is not %s or %s", curve, CurveP256, CurveSecp256k1)
	}
	return key, public, nil
}

var errFlowKey = errors.New("the private key is not 64 hexadecimal digits of a key on its curve")

// Restore returns the key of a wallet as it was: with its address, in canonical form, and its chain, and what Private returned of it.
func Restore(chain, address, curve string, private picket.Secret) (key Key, err error) {
	w, err := Find(chain, address)
	if err != nil {
		return Key{}, err
	}
	if w.Chain.ChainType == picket.ChainTypeFlow {
		scalar, _ := hex.DecodeString(string(private)) // flowKey refuses what is left of it
		key, _, err = flowKey(w.Address, curve, scalar)
	} else {
		key, err = Parse(chain, private)
	}
	key.Address = w.Address
	return key, err
}

// Parse returns a given key: 0x and 64 hexadecimal digits on an EVM chain, the base58 form of 64 bytes on Solana.
func Parse(chain string, privateKey picket.Secret) (Key, error) {
	info, err := FindChain(chain)
	if err != nil {
		return Key{}, err
	}
	var key Key
	switch info.ChainType {
	case picket.ChainTypeEthereum:
		var scalar secp256k1.ModNScalar
		bytes, ok := hexBytes(string(privateKey), 32)
		if !ok || scalar.SetByteSlice(bytes) || scalar.IsZero() {
			return Key{}, errors.New("the private key is not 0x and 64 hexadecimal digits of a secp256k1 key")
		}
		key = ethereumKey(secp256k1.NewPrivateKey(&scalar))
	case picket.ChainTypeSolana:
		bytes, err := base58.Decode(string(privateKey))
		if err != nil || len(bytes) != ed25519.PrivateKeySize || !ed25519.NewKeyFromSeed(bytes[:ed25519.SeedSize]).Equal(ed25519.PrivateKey(bytes)) {
			return Key{}, errors.New("the private key is not the base58 form of the 64 bytes of an ed25519 key")
		}
		key = solanaKey(bytes)
	default:
		return Key{}, errors.New("a wallet with a given key is one of an EVM chain or of solana; NewFlowWallet makes one on flow")
	}
	key.Chain = info.ChainSlug
	return key, nil
}

// SignIn signs the message of a login on a chain for the site with a domain. The message is dated now.
func (k Key) SignIn(nonce *picket.NonceResponse, chain picket.ChainInfo, domain string) (picket.AuthRequest, error) {
	scheme := "https"
	if u, err := url.Parse("http://" + domain); err == nil && loopback.Is(u.Hostname()) {
		scheme = u.Scheme
	}
	signed := picket.SigningMessageContext{
		Domain:    domain,
		URI:       scheme + "://" + domain,
		ChainID:   chain.ChainID,
		ChainType: chain.ChainType,
		IssuedAt:  time.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	message, err := picket.SigningMessage(nonce, k.Address, signed)
	if err != nil {
		return picket.AuthRequest{}, err
	}
	signature, err := k.sign(message)
	return picket.AuthRequest{
		Chain:         chain.ChainSlug,
		WalletAddress: k.Address,
		Signature:     signature,
		Context:       signed,
	}, err
}
