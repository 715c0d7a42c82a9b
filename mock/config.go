package mock

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// config is what a configuration file says.
type config struct {
	Projects []projectConfig `yaml:"projects"`
	Wallets  []walletConfig  `yaml:"wallets"`
}

// walletConfig is a wallet that the page of /oauth2/authorize offers.
type walletConfig struct {
	Chain      string `yaml:"chain"`
	PrivateKey string `yaml:"privateKey"`
}

// projectConfig is a project; the first one in a file is the default project.
type projectConfig struct {
	SecretKey         string            `yaml:"secretKey"`
	PublishableKey    string            `yaml:"publishableKey"`
	RedirectURIs      []string          `yaml:"redirectURIs"`
	AllowedDomains    []string          `yaml:"allowedDomains"`
	Format            string            `yaml:"format"`
	Statements        map[string]string `yaml:"statements"`
	ReusableNonces    bool              `yaml:"reusableNonces"`
	UnknownProperties bool              `yaml:"unknownProperties"`
	// What seeds the project.
	Balances     []balanceConfig     `yaml:"balances"`
	DisplayNames []displayNameConfig `yaml:"displayNames"`
	FlowKeys     []flowKeyConfig     `yaml:"flowKeys"`
}

// WithConfig sets up the server as a configuration file says. The text is YAML; the file's name is for messages:
//
//	projects:
//	  - secretKey: sk_0123456789abcdef0123456789abcdef
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
//	      - {address: "0x…", publicKey: …, curve: P-256, hash: SHA3-256}
//	    reusableNonces: false
//	    unknownProperties: false
//	wallets:                                # for the page of /oauth2/authorize, see ParseWallet
//	  - {chain: ethereum, privateKey: "0x…"}
//
// The first project is the default project. What it does not say is as without a configuration. What another does not say is as in
// the first one, but for its keys, which are random, and redirect URIs, of which it has none. A mistake is an error that names the
// file, the line and, for a misspelt name, what was probably meant.
func WithConfig(file string, text []byte) Option {
	return func(s *settings) error {
		c, lines, err := readConfig(text)
		if err != nil {
			return fmt.Errorf("mock: %s:%w", file, err)
		}
		if len(c.Projects) > 0 {
			if err := c.Projects[0].given().Set(s.project); err != nil {
				return fmt.Errorf("mock: %s:%d: %w", file, lines["projects.0"], err)
			}
		}
		return ofServer("WithConfig", func(server *serverSettings) error {
			server.setUp = append(server.setUp, func(s *Server) error {
				if err := c.apply(s, lines); err != nil {
					return fmt.Errorf("mock: %s:%w", file, err)
				}
				return nil
			})
			return nil
		})(s)
	}
}

func (p projectConfig) given() tenant.Given {
	return tenant.Given{
		SecretKey:         p.SecretKey,
		PublishableKey:    p.PublishableKey,
		RedirectURIs:      p.RedirectURIs,
		AllowedDomains:    p.AllowedDomains,
		Format:            p.Format,
		Statements:        p.Statements,
		ReusableNonces:    p.ReusableNonces,
		UnknownProperties: p.UnknownProperties,
	}
}

// apply adds the wallets and the projects except the first, and seeds them all. Its errors begin with a line.
func (c config) apply(server *Server, lines map[string]int) error {
	at := func(err error, path string, args ...any) error {
		if err == nil {
			return nil
		}
		return fmt.Errorf("%d: %w", lines[fmt.Sprintf(path, args...)], err)
	}
	for i, wallet := range c.Wallets {
		key, err := wallets.Parse(wallet.Chain, picket.Secret(wallet.PrivateKey))
		if err == nil {
			err = server.wallets.Add(api.TestWallet{Key: key})
		}
		if err != nil {
			return at(err, "wallets.%d", i)
		}
	}
	for i, p := range c.Projects {
		project := server.Project
		if i > 0 {
			added, err := server.tenants.Add(p.given().Set)
			if err != nil {
				return at(err, "projects.%d", i)
			}
			project = server.project(added)
		}
		for list, seeds := range p.seeds() {
			for j, seed := range seeds {
				if err := seed.seed(project); err != nil {
					return at(err, "projects.%d.%s.%d", i, list, j)
				}
			}
		}
	}
	return nil
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

// readConfig reads a configuration file. It also returns the line of everything in it, by a path such as
// "projects.0.balances.1". Its errors begin with a line.
func readConfig(text []byte) (config, map[string]int, error) {
	var c config
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return c, nil, nil // an empty file
	case err != nil:
		return c, nil, lineError(err)
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return c, nil, errors.New("1: there is more than one document")
	}
	lines := map[string]int{}
	if err := checkNode(document.Content[0], reflect.TypeFor[config](), "", lines); err != nil {
		return c, nil, err
	}
	if err := document.Decode(&c); err != nil {
		return c, nil, lineError(err)
	}
	return c, lines, nil
}

var lineNumber = regexp.MustCompile(`line \d+: `)

// lineError turns what the YAML library says, "yaml: line 3: …" or "yaml: unmarshal errors:\n  line 3: …", into an error
// that begins with the line.
func lineError(err error) error {
	text := "1: " + strings.TrimPrefix(err.Error(), "yaml: ")
	if at := lineNumber.FindStringIndex(text); at != nil {
		text = text[at[0]+len("line "):]
	}
	text, _, _ = strings.Cut(text, "\n")
	return errors.New(names.Message(text))
}

// checkNode checks that a node has the form of a Go type, with no name that the type does not have, and notes its line.
func checkNode(node *yaml.Node, want reflect.Type, path string, lines map[string]int) error {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	lines[path] = node.Line
	if node.Tag == "!!null" {
		return nil // as if it were not there
	}
	under := func(name string) string { return strings.TrimPrefix(path+"."+name, ".") }
	switch {
	case want.Kind() == reflect.Struct && node.Kind == yaml.MappingNode:
		fields := map[string]reflect.Type{}
		for i := range want.NumField() {
			fields[want.Field(i).Tag.Get("yaml")] = want.Field(i).Type
		}
		if err := checkDoubled(node); err != nil {
			return err
		}
		for i := 0; i < len(node.Content); i += 2 {
			name := node.Content[i]
			field, ok := fields[name.Value]
			if before, _, colon := strings.Cut(name.Value, ":"); colon {
				// To YAML, what follows is a part of the name. It may be a key, and is not shown.
				return fmt.Errorf(`%d: there is no space after "%s" and its colon`, name.Line, names.Shown(before))
			}
			if !ok {
				return fmt.Errorf("%d: %s", name.Line, names.Unknown(names.Shown(name.Value), path, names.Nearest(name.Value, slices.Sorted(maps.Keys(fields)))))
			}
			if err := checkNode(node.Content[i+1], field, under(name.Value), lines); err != nil {
				return err
			}
		}
	case want.Kind() == reflect.Map && node.Kind == yaml.MappingNode:
		return checkDoubled(node)
	case want.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
		for i, element := range node.Content {
			if err := checkNode(element, want.Elem(), under(fmt.Sprint(i)), lines); err != nil {
				return err
			}
		}
	case slices.Contains([]reflect.Kind{reflect.Struct, reflect.Map}, want.Kind()) && node.Kind != yaml.MappingNode:
		return fmt.Errorf("%d: %s must have names and values", node.Line, named(path))
	case want.Kind() == reflect.Slice:
		return fmt.Errorf("%d: %s must be a list", node.Line, named(path))
	case want.Kind() != reflect.Map && node.Kind != yaml.ScalarNode:
		return fmt.Errorf("%d: %s must be a single value", node.Line, named(path))
	}
	return nil
}

// checkDoubled refuses a mapping with a name that is there twice.
func checkDoubled(node *yaml.Node) error {
	lines := map[string]int{}
	for i := 0; i < len(node.Content); i += 2 {
		name := node.Content[i]
		if before, doubled := lines[name.Value]; doubled {
			return fmt.Errorf(`%d: "%s" is there already, in line %d`, name.Line, names.Shown(name.Value), before)
		}
		lines[name.Value] = name.Line
	}
	return nil
}

func named(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}
