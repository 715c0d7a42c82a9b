package serve

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// connections are the open connections of a server. They are safe for concurrent use.
type connections struct {
	max int

	mu     sync.Mutex
	closed bool
	known  map[net.Conn]*connection
	fresh  list.List // of *connection: those without an answered request, in the order in which something last began on them
	used   list.List // the others, in the same order
}

type connection struct {
	conn   net.Conn
	silent bool          // no request has come on it yet
	in     *list.List    // fresh or used
	at     *list.Element // its place in that list
}

// track follows the state of a connection. When there are too many, it closes the one on which nothing began for the longest time: an
// idle one, or one whose request comes slowly. Connections with and without an answered request have half of the room each, so that
// neither kind can crowd out the other.
func (c *connections) track(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.known[conn]
	switch {
	case state == http.StateClosed || state == http.StateHijacked:
		if known != nil {
			c.forget(known)
		}
	case known != nil && state == http.StateIdle && known.in == &c.used: // a request ended, and nothing began
	case known != nil:
		known.silent = false
		if state == http.StateIdle {
			c.fresh.Remove(known.at)
			known.in, known.at = &c.used, c.used.PushBack(known)
		} else {
			known.in.MoveToBack(known.at)
		}
	case state != http.StateNew: // it was closed below before
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

// closeSilent closes the connections on which no request has come. Clients open such connections in advance, and http.Server.Shutdown
// would wait five seconds for them.
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
