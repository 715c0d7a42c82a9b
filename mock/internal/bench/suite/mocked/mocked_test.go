package mocked_test

import (
	"os"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/bench/suite"
	"github.com/seed-a13ee279/picket/picket"
)

func TestMain(m *testing.M) { os.Exit(suite.Main(m)) }

func TestSuite(t *testing.T) {
	suite.Run(t, func(t *testing.T) suite.Server {
		srv := mock.Start(t)
		return suite.Server{URL: srv.URL, SecretKey: srv.SecretKey, SetBalance: func(wallet string) {
			srv.SetBalance(picket.ChainEthereum, wallet, mock.Contract(suite.Contract), "1")
		}}
	})
}
