package main

import (
	"fmt"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/figures"
)

const phase = 180 // seconds, in which every token is checked three times

// life is what servers of one way go through, second by second.
type life struct {
	start, running  tallies // the first second, and what follows
	down, stillDown tallies // the first minutes of the outage, and its last minute
	back, after     tallies // the first second after the outage, and what follows
	rotated         tallies // a minute after the signing key was replaced and the old one withdrawn, when one user has logged in again
}

// live lets servers live through a start, an outage of the API and a rotation of the signing key. The clock jumps where nothing
// changes: within the outage once the caches are empty, and after the rotation until they are.
func live(t mock.TB, w way, p plan, jitter bool) life {
	progress("%s, jitter %v: %d servers with %d users", w, jitter, p.servers, p.users)
	s := newServers(t, w, p.servers, jitter)
	for i := range p.users {
		s.users = append(s.users, s.api.login(t, i%10 != 9))
	}
	l := life{start: s.seconds(1), running: s.seconds(phase)}
	s.api.down.Store(true)
	l.down = s.seconds(90)
	s.api.advance(time.Hour - 100*time.Second)
	l.stillDown = s.seconds(10)
	s.api.down.Store(false)
	l.back, l.after = s.seconds(1), s.seconds(phase)
	s.api.mock.RotateSigningKey(nil, 0)
	s.users[0] = s.api.login(t, true)
	s.seconds(1)
	s.api.advance(time.Minute)
	l.rotated = s.seconds(3)[1:]
	return l
}

// callsTable says what a fleet asks of the API.
func callsTable(t mock.TB, p plan) figures.Table {
	scale := float64(fleetServers) / float64(p.servers) * fleetUsers / float64(p.users)
	result := figures.Table{Name: "requests", Columns: []string{"calls of the API in a second, by 1,000 servers", string(local), string(remote), string(incremental)}}
	ways := []way{local, remote, incremental}
	before, after := map[way]life{}, map[way]life{}
	for _, w := range ways {
		before[w], after[w] = live(t, w, p, false), live(t, w, p, true)
	}
	row := func(what string, figure func(life) float64, lives ...map[way]life) {
		cells := []string{what}
		for _, w := range ways {
			cell := ""
			for i, l := range lives {
				if i > 0 {
					cell += " → "
				}
				cell += number(figure(l[w]) * scale)
			}
			cells = append(cells, cell)
		}
		result.Rows = append(result.Rows, cells)
	}
	share := func(what string, of func(life) tallies) {
		cells := []string{what}
		for _, w := range ways {
			list := of(after[w])
			percent := func(count func(tally) int64) float64 {
				return 100 * mean(list.of(count)) / mean(list.of(tally.requests))
			}
			cells = append(cells, fmt.Sprintf("%.0f, %.0f, %.0f, %.0f",
				percent(func(t tally) int64 { return t.passed }), percent(func(t tally) int64 { return t.denied }),
				percent(func(t tally) int64 { return t.bad }), percent(func(t tally) int64 { return t.notChecked })))
		}
		result.Rows = append(result.Rows, cells)
	}
	row("first second, when all start together", func(l life) float64 { return mean(l.start.of(calls)) }, after)
	row("mean from then on", func(l life) float64 { return mean(l.running.of(calls)) }, after)
	row("busiest second from then on, without → with jitter", func(l life) float64 { return peak(l.running.of(calls)) }, before, after)
	share("% let in, 403, 401, 503", func(l life) tallies { return l.running })
	row("outage, after a minute", func(l life) float64 { return mean(l.down[60:].of(calls)) }, after)
	row("outage, after an hour", func(l life) float64 { return mean(l.stillDown.of(calls)) }, after)
	share("% let in, 403, 401, 503", func(l life) tallies { return l.stillDown })
	row("first second after the outage", func(l life) float64 { return mean(l.back.of(calls)) }, after)
	row("busiest second from then on, without → with jitter", func(l life) float64 { return peak(l.after.of(calls)) }, before, after)
	row("new signing key, the old one withdrawn, when a tenth of the users have logged in again", func(l life) float64 { return mean(l.rotated.of(calls)) }, after)
	share("% let in, 403, 401, 503", func(l life) tallies { return l.rotated })
	return result
}
