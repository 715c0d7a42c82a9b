package main

import (
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/seed-a13ee279/picket/mock"
)

// reloadOnHangup has the server read its configuration file again whenever the program gets SIGHUP, until it is ended.
func reloadOnHangup(server *mock.Server, logger *slog.Logger) (end func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	var done sync.WaitGroup
	done.Go(func() {
		for range hangups {
			if err := server.ReloadConfig(); err != nil {
				logger.Error("the configuration stays as it was: " + strings.TrimPrefix(err.Error(), "mock: "))
			} else {
				logger.Info("the configuration was read again")
			}
		}
	})
	return func() {
		signal.Stop(hangups)
		close(hangups)
		done.Wait()
	}
}
