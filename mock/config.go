package mock

import (
	"errors"
	"fmt"
	"iter"
	"reflect"

	"github.com/seed-a13ee279/picket/mock/internal/address"
	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/strictyaml"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// config is what a configuration file says.
type config struct {
	Projects   []projectConfig `yaml:"projects"`
	Wallets    []walletConfig  `yaml:"wallets"`
	SigningKey string          `yaml:"signingKey"`
	Scenarios  scenariosConfig `yaml:"scenarios"`
	PublicURL  *string         `yaml:"publicURL"`
	Issuer     *string         `yaml:"issuer"`
	// AccessTokenIssuer is the iss of access tokens.
	AccessTokenIssuer *string `yaml:"accessTokenIssuer"`
}

// walletConfig is a wallet that the page of /oauth2/authorize offers.
type walletConfig struct {
	Chain      string `yaml:"chain"`
	PrivateKey string `yaml:"privateKey"`
}

// projectConfig is a project; the first one in a file is the default project.
type projectConfig struct {
	ID                string            `yaml:"id"`
	SecretKey         string            `yaml:"secretKey"`
	PublishableKey    string            `yaml:"publishableKey"`
	RedirectURIs      []string          `yaml:"redirectURIs"`
	AllowedDomains    []string          `yaml:"allowedDomains"`
	Format            string            `yaml:"format"`
	Statements        map[string]string `yaml:"statements"`
	ReusableNonces    *bool             `yaml:"reusableNonces"`
	UnknownProperties *bool             `yaml:"unknownProperties"`
	IDTokenClaims     map[string]any    `yaml:"idTokenClaims"`
	State             map[string]any    `yaml:"state"`
	// What seeds the project.
	Balances        []balanceConfig        `yaml:"balances"`
	DisplayNames    []displayNameConfig    `yaml:"displayNames"`
	FlowKeys        []flowKeyConfig        `yaml:"flowKeys"`
	ContractWallets []contractWalletConfig `yaml:"contractWallets"`
}

// WithConfig sets up the server as a configuration file says. The text is YAML; the file's name is for messages:
//
//	projects:
//	  - id: 01234567-89ab-4cde-8f01-23456789abcd
//	    secretKey: sk_0123456789abcdef0123456789abcdef
//	    publishableKey: pk_0123456789abcdef0123456789abcdef
//	    redirectURIs: ["http://localhost:3000/callback"]
//	    allowedDomains: ["localhost:3000"]  # see WithAllowedDomain; without any, every site will do
//	    format: simple                      # or siwe
//	    statements: {"": Come in., fr: Entrez.}
//	    balances:
//	      - {chain: ethereum, walletAddress: "0x…", contractAddress: "0x…", balance: "12.5"}
//	      - {chain: solana, walletAddress: …, collection: …, balance: "1"}    # or tokenId, creatorAddress
//	    displayNames:
//	      - {chain: ethereum, walletAddress: "0x…", name: alice.eth}
//	    flowKeys:
//	      - {address: "0x…", publicKey: …, curve: P-256, hash: SHA3-256, weight: 1000}
//	    contractWallets:
//	      - {chain: ethereum, address: "0x…", owners: ["0x…"]}                 # or anySignature: true
//	    reusableNonces: false
//	    unknownProperties: false
//	    idTokenClaims: {groups: [staff]}    # see WithIDTokenClaims
//	publicURL: https://mock.example/api/v1  # see WithPublicURL
//	issuer: https://mock.example/api/v1     # see WithIssuer
//	accessTokenIssuer: picketapi.com        # see WithAccessTokenIssuer
//	signingKey: |                           # see WithSigningKey; this one is in PEM
//	  -----BEGIN EC PRIVATE KEY-----
//	  …
//	scenarios:                              # see Project.LoadScenario
//	  vip: {stateVersion: 1, balances: […]}
//	wallets:                                # for the page of /oauth2/authorize, see ParseWallet
//	  - {chain: ethereum, privateKey: "0x…"}
//
// A project may also have a state: what Project.Export returned. A text that is nothing but such a document is that of one project.
//
// The first project is the default project. Settings that it does not mention have their defaults. Settings that another project does
// not mention are those of the first project, except that its ID and keys are random and that it has no redirect URIs. A mistake is an error
// that names the file, the line and, for a misspelt name, what was probably meant.
func WithConfig(file string, text []byte) Option {
	return option(func(s *settings) error {
		c, lines, err := readConfig(text)
		if err != nil {
			return fmt.Errorf("mock: %s:%w", file, err)
		}
		if len(c.Projects) > 0 {
			if err := c.Projects[0].set(s.project); err != nil {
				return fmt.Errorf("mock: %s:%d: %w", file, lineOf(err, lines, "projects.0"), err)
			}
		}
		if s.server != nil {
			if name, err := c.setServer(s.server); err != nil {
				return fmt.Errorf("mock: %s:%d: %s: %w", file, lines[name], name, err)
			}
		}
		return ofServer("WithConfig", func(server *serverSettings) error {
			server.setUp = append(server.setUp, func(into *configured) error {
				if err := c.apply(into, lines); err != nil {
					return fmt.Errorf("mock: %s:%w", file, err)
				}
				return nil
			})
			return nil
		}).apply(s)
	})
}

// readConfig reads a configuration file, or the document of a state, which stands for a project with that state.
func readConfig(text []byte) (c config, lines map[string]int, err error) {
	if doc, ok := asState(text); ok {
		return config{Projects: []projectConfig{{State: doc}}}, map[string]int{"projects.0": 1, "projects.0.state": 1}, nil
	}
	lines, err = strictyaml.Read(text, &c)
	return c, lines, err
}

// set changes the settings of a project as the file says.
func (p projectConfig) set(s *tenant.Settings) error {
	if err := p.given().Set(s); err != nil {
		return err
	}
	return p.setState(s)
}

// setServer changes the settings of the server. With an error it returns the name of the setting that is wrong.
func (c config) setServer(s *serverSettings) (name string, err error) {
	if c.PublicURL != nil {
		if s.names.Public, err = address.CheckPublic(*c.PublicURL); err != nil {
			return "publicURL", err
		}
	}
	if c.Issuer != nil {
		if s.names.Issuer, err = address.CheckIssuer(*c.Issuer); err != nil {
			return "issuer", err
		}
	}
	if c.AccessTokenIssuer != nil {
		if err := s.setTokenIssuer(*c.AccessTokenIssuer); err != nil {
			return "accessTokenIssuer", err
		}
	}
	if c.SigningKey != "" {
		if s.signingKey, err = tokens.ParseKey(picket.Secret(c.SigningKey)); err != nil {
			return "signingKey", err
		}
	}
	return "", nil
}

func (p projectConfig) given() tenant.Given {
	return tenant.Given{
		ID:                p.ID,
		SecretKey:         p.SecretKey,
		PublishableKey:    p.PublishableKey,
		RedirectURIs:      p.RedirectURIs,
		AllowedDomains:    p.AllowedDomains,
		Format:            p.Format,
		Statements:        p.Statements,
		ReusableNonces:    p.ReusableNonces,
		UnknownProperties: p.UnknownProperties,
		IDTokenClaims:     p.IDTokenClaims,
	}
}

// apply adds the wallets and the projects except the first, and seeds them all. Its errors begin with a line.
func (c config) apply(into *configured, lines map[string]int) error {
	at := func(err error, path string, args ...any) error {
		if err == nil {
			return nil
		}
		return fmt.Errorf("%d: %w", lines[fmt.Sprintf(path, args...)], err)
	}
	for i, wallet := range c.Wallets {
		key, err := wallets.Parse(wallet.Chain, picket.Secret(wallet.PrivateKey))
		if err != nil {
			return at(err, "wallets.%d", i)
		}
		into.wallets = append(into.wallets, api.TestWallet{Key: key})
	}
	for i, p := range c.Projects {
		inside, err := into.tenants.Default(), error(nil)
		if i > 0 {
			if inside, err = into.tenants.Add(p.set); err != nil {
				return fmt.Errorf("%d: %w", lineOf(err, lines, fmt.Sprintf("projects.%d", i)), err)
			}
		}
		if err := into.loadState(inside, p.State); err != nil {
			return at(err, "projects.%d.state", i)
		}
		project := into.server.project(inside.Seat.Project())
		for list, seeds := range p.seeds() {
			for j, seed := range seeds {
				if err := seed.seed(project); err != nil {
					return at(err, "projects.%d.%s.%d", i, list, j)
				}
			}
		}
	}
	return at(c.Scenarios.keep(into), "scenarios")
}

// lineOf returns the line of a field that is wrong, or else that of its project.
func lineOf(err error, lines map[string]int, project string) int {
	var wrong *tenant.FieldError
	if errors.As(err, &wrong) {
		if line, ok := lines[project+"."+wrong.Field]; ok {
			return line
		}
	}
	return lines[project]
}

// seeder is an element of a list that seeds a project.
type seeder interface{ seed(p *Project) error }

// seeds returns the lists that seed the project, by their names in the file.
func (p projectConfig) seeds() iter.Seq2[string, []seeder] {
	return func(yield func(string, []seeder) bool) {
		lists := reflect.ValueOf(p)
		for i := range lists.NumField() {
			field := lists.Type().Field(i)
			if field.Type.Kind() != reflect.Slice || !field.Type.Elem().Implements(reflect.TypeFor[seeder]()) {
				continue
			}
			var seeds []seeder
			for j := range lists.Field(i).Len() {
				seeds = append(seeds, lists.Field(i).Index(j).Interface().(seeder))
			}
			if !yield(field.Tag.Get("yaml"), seeds) {
				return
			}
		}
	}
}
