package main

import (
	"context"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/figures"
	"github.com/seed-a13ee279/picket/picket"
)

// keysLife is how many fetches of keys there are in each second of what servers go through that verify locally.
type keysLife struct {
	start, running []int64 // the first second, and two hours
	down, after    []int64 // an outage of an hour, and an hour after it
	rotated        []int64 // the first second in which each server gets a token that a new key has signed
	kept           []int64 // an hour from then on, as the old key is still published
	withdrawn      []int64 // what follows a rotation that withdraws the old key at once, while tokens of it keep coming
}

// liveByKeys simulates every server of the fleet, because it can: what tokens that known keys verify do to the keys, Load does
// without their cost. Only tokens of keys that are not known are verified.
func liveByKeys(t mock.TB, jitter bool) keysLife {
	progress("keys, jitter %v: %d servers", jitter, fleetServers)
	const hour = 3600
	s := newServers(t, local, fleetServers, jitter)
	seconds := func(n int, unknown ...picket.Secret) []int64 {
		list := make([]int64, n)
		for i := range list {
			s.api.fetches.Store(0)
			for n, keys := range s.keys {
				_ = keys.Load(context.Background())
				for _, token := range unknown {
					_, _ = s.verifiers[n].Verify(context.Background(), token)
				}
			}
			s.pass()
			list[i] = s.api.fetches.Load()
		}
		return list
	}
	l := keysLife{start: seconds(1), running: seconds(2 * hour)}
	s.api.down.Store(true)
	l.down = seconds(hour)
	s.api.down.Store(false)
	l.after = seconds(hour)

	s.api.mock.RotateSigningKey(nil, 24*time.Hour)
	token := s.api.login(t, true)
	l.rotated, l.kept = seconds(1, token), seconds(hour)

	s.api.mock.RotateSigningKey(nil, 0)
	seconds(1, s.api.login(t, true))
	s.api.advance(time.Minute)
	l.withdrawn = seconds(90, token)[1:] // the first second is that of the first such token, which reaches all servers at once
	return l
}

// keysTable says how often a fleet fetches keys.
func keysTable(t mock.TB) figures.Table {
	before, after := liveByKeys(t, false), liveByKeys(t, true)
	result := figures.Table{Name: "keys", Columns: []string{
		"fetches of keys by 1,000 servers, of two requests each", "mean in a second", "busiest second without jitter", "busiest second with jitter",
	}}
	row := func(what string, of func(keysLife) []int64) {
		result.Rows = append(result.Rows, []string{what, fraction(mean(of(after))), number(peak(of(before))), number(peak(of(after)))})
	}
	row("first second, when all start together", func(l keysLife) []int64 { return l.start })
	row("two hours from then on", func(l keysLife) []int64 { return l.running })
	row("outage of an hour", func(l keysLife) []int64 { return l.down })
	row("the hour after it", func(l keysLife) []int64 { return l.after })
	row("new signing key, if its first token reaches all servers in the same second", func(l keysLife) []int64 { return l.rotated })
	row("an hour from then on, with the old key still published", func(l keysLife) []int64 { return l.kept })
	row("the old key withdrawn, while its tokens keep coming", func(l keysLife) []int64 { return l.withdrawn })
	return result
}
