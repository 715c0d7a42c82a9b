package explain

// Reason is what decided.
type Reason string

// The reasons. control.yaml says more about some.
const (
	NotRefused            Reason = "notRefused"
	WrongSigner           Reason = "wrongSigner"
	WrongDomain           Reason = "wrongDomain"
	WrongChain            Reason = "wrongChain"
	WrongMessage          Reason = "wrongMessage"
	NonceSpent            Reason = "nonceSpent"
	NonceExpired          Reason = "nonceExpired"
	NonceUnknown          Reason = "nonceUnknown"
	SignatureForm         Reason = "signatureForm"
	UnknownSignature      Reason = "signature"
	TooFewTokens          Reason = "tooFewTokens"
	NotListed             Reason = "notListed"
	TokenForm             Reason = "tokenForm"
	TokenForged           Reason = "tokenForged"
	TokenOfAnotherProject Reason = "tokenOfAnotherProject"
	TokenExpired          Reason = "tokenExpired"
	Contract              Reason = "contract"
	Fault                 Reason = "fault"
	Stub                  Reason = "stub"
	Other                 Reason = "other"
)
