package check

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// EnvInsecureHTTPHosts is the environment variable with the hosts of InsecureHTTPFromEnv. The documentation is in package picket.
const EnvInsecureHTTPHosts = "PICKET_INSECURE_HTTP_HOSTS"

// InsecureHTTP says where http is allowed besides this machine. The zero value is nowhere.
type InsecureHTTP struct {
	Everywhere bool
	Hosts      []string // without ports
}

// Allows reports whether http is allowed to a host, without its port.
func (a InsecureHTTP) Allows(host string) bool {
	return a.Everywhere || slices.ContainsFunc(a.Hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

var hostForm = Form{Pattern: `^([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$`}

// InsecureHTTPFromEnv returns where the environment allows http.
func InsecureHTTPFromEnv() (InsecureHTTP, error) {
	var a InsecureHTTP
	for host := range strings.SplitSeq(os.Getenv(EnvInsecureHTTPHosts), ",") {
		switch host = strings.TrimSpace(host); {
		case hostForm.Match(host):
			a.Hosts = append(a.Hosts, host)
		case host != "":
			return a, fmt.Errorf("the environment variable %s has an element that is not a host; it holds names such as picket-mock, without schemes and ports, with commas in between", EnvInsecureHTTPHosts)
		}
	}
	return a, nil
}
