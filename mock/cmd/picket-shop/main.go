// Command picket-shop runs the server of README.md on this machine, for people who want to see a login with a wallet in a browser:
// with a page that explains what happens, test wallets in that page, so that nothing has to be installed, and the mock in place of the
// API. It needs the source of this module and the go command. It is for trying out only: whoever opens the page can sign with the test
// wallets, and can give any wallet tokens.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/dashboard"
	"github.com/seed-a13ee279/picket/mock/internal/reference"
	"github.com/seed-a13ee279/picket/mock/internal/serve"
)

const maxConnections = 1000

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr, 3000, 4010); err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "picket-shop: %v\n", err)
		os.Exit(1) //nolint:gocritic // the signals need no stopping when the program ends
	}
}

// run serves the shop and the mock until the context is done, each on the first port from a number on that nothing uses. It prints the
// URL of the shop once both answer.
func run(ctx context.Context, stdout, stderr io.Writer, shopPort, mockPort int) error {
	shop, err := listen(shopPort)
	if err != nil {
		return err
	}
	api, err := listen(mockPort)
	if err != nil {
		return err
	}
	host := "localhost:" + port(shop)
	picket, err := mock.New(
		mock.WithAllowedDomain(host), // wallets log in to this site only
		mock.WithControlPage(reference.Name, reference.Handler()),
		mock.WithControlPage("", dashboard.Page()),
		mock.WithControlPage(dashboard.Name, dashboard.Handler()),
	)
	if err != nil {
		return err
	}

	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return picket.Serve(running, api) })
	group.Go(func() error {
		mockURL := "http://localhost:" + port(api)
		server, err := startServer(running, stderr, "http://"+host, mockURL+"/api/v1", picket.SecretKey)
		if err != nil {
			return err
		}
		defer server.stop()
		_, _ = fmt.Fprintf(stdout, "\nLog in with a wallet: open http://%s\n\nThe page has test wallets, so the browser needs none. What the server asks of the mock is at %s/_mock/\nCtrl-C stops both.\n\n", host, mockURL)
		return serve.Until(running, shop, newSite(server.url, picket.Handler()), maxConnections, nil)
	})
	if err := group.Wait(); ctx.Err() == nil {
		return err
	}
	return nil // it was stopped, and what breaks off then is no failure
}

// listen listens on the first port from a number on that nothing uses, or on any for 0.
func listen(first int) (net.Listener, error) {
	for number := first; ; number++ {
		if answers("::1", number) { // browsers look for localhost there, too
			continue
		}
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(number)))
		if err == nil || number == first+100 {
			return listener, err
		}
	}
}

func answers(host string, number int) bool {
	connection, err := net.Dial("tcp", net.JoinHostPort(host, strconv.Itoa(number)))
	if err == nil {
		_ = connection.Close()
	}
	return err == nil
}

func port(listener net.Listener) string {
	address := listener.Addr().String()
	return address[strings.LastIndex(address, ":")+1:]
}
