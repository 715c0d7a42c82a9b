// Package certificates makes up certificates for servers in tests. Each is signed by a certificate authority of its own, whose key is
// thrown away: who trusts that authority trusts this one certificate, and nothing that anybody could make later.
package certificates

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// lifetime is how long a certificate is valid, in which nobody should have to restart a server of tests.
const lifetime = 365 * 24 * time.Hour

// New returns a certificate for hosts, which are names or IP addresses, and the certificate of its authority in PEM.
func New(hosts []string, now time.Time) (certificate tls.Certificate, authority []byte, err error) {
	template := func(name string) *x509.Certificate {
		serial := make([]byte, 16)
		_, _ = rand.Read(serial) // never fails, by its documentation
		return &x509.Certificate{
			SerialNumber:          new(big.Int).SetBytes(serial[1:]),
			Subject:               pkix.Name{Organization: []string{"picket-mock"}, CommonName: name},
			NotBefore:             now.Add(-time.Hour), // for clients whose clock is behind
			NotAfter:              now.Add(lifetime),
			BasicConstraintsValid: true,
		}
	}
	ca, leaf := template("picket-mock, an authority for tests"), template("picket-mock")
	ca.IsCA, ca.MaxPathLenZero, ca.KeyUsage = true, true, x509.KeyUsageCertSign
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, host)
		}
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return certificate, nil, err
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, &leafKey.PublicKey, caKey)
	if err != nil {
		return certificate, nil, err
	}
	certificate = tls.Certificate{Certificate: [][]byte{leafDER, caDER}, PrivateKey: leafKey}
	return certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}), nil
}
