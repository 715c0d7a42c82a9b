package serve

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// connections are those that a server has. They are safe for concurrent use.
type connections struct {
	max int

	mu     sync.Mutex
	closed bool
	known  map[net.Conn]*connection
	fresh  list.List // of *connection: those that no request was answered on; what began on them last is at the back
	used   list.List // the others, likewise
}

type connection struct {
	conn   net.Conn
	silent bool          // whether no request came on it yet
	in     *list.List    // fresh or used
	at     *list.Element // of that list
}

// track follows a connection. When there are too many, it closes the one on which nothing began for the longest time: an idle
// one, or one whose request is slow to come. Those that were answered and those that were not have half of the room each, so
// that neither can crowd the other out.
func (c *connections) track(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.known[conn]
	switch {
	case state == http.StateClosed || state == http.StateHijacked:
		if known != nil {
			c.forget(known)
		}
	case known != nil && state == http.StateIdle && known.in == &c.used: // an end, and no beginning
	case known != nil:
		known.silent = false
		if state == http.StateIdle {
			c.fresh.Remove(known.at)
			known.in, known.at = &c.used, c.used.PushBack(known)
		} else {
			known.in.MoveToBack(known.at)
		}
	case state != http.StateNew: // it was closed here
	case c.closed:
		_ = conn.Close()
	default:
		added := &connection{conn: conn, silent: true, in: &c.fresh}
		added.at = c.fresh.PushBack(added)
		c.known[conn] = added
		if len(c.known) > c.max {
			crowd := &c.used
			if c.fresh.Len() > (c.max+1)/2 || c.used.Len() == 0 {
				crowd = &c.fresh
			}
			oldest := crowd.Front().Value.(*connection)
			c.forget(oldest)
			_ = oldest.conn.Close()
		}
	}
}

func (c *connections) forget(one *connection) {
	one.in.Remove(one.at)
	delete(c.known, one.conn)
}

// closeSilent closes the connections that no request came on. Clients open them in advance; http.Server.Shutdown would wait
// five seconds for each.
func (c *connections) closeSilent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, one := range c.known {
		if one.silent {
			_ = one.conn.Close()
		}
	}
}
