// The front end: a site whose users log in by redirect. It keeps their access tokens to itself, and calls the back end with them.
import { randomUUID } from "node:crypto";
import http from "node:http";
import * as client from "openid-client";

const { ORIGIN, BACKEND_URL, PICKET_URL, PICKET_PUBLISHABLE_KEY, PICKET_SECRET_KEY } = process.env;
const config = await client.discovery(new URL(PICKET_URL), PICKET_PUBLISHABLE_KEY, PICKET_SECRET_KEY);
const sessions = new Map(); // a pending login, or what a login ended with, by the value of the cookie

function newSession(content) {
  const session = { id: randomUUID(), ...content };
  sessions.set(session.id, session);
  return session;
}

/** What the site answers: the text of its page, or a place to go to, and a new session if the user is another one from then on. */
const routes = {
  async "GET /"(session) {
    return { text: session.accessToken ? `You are ${await ask("/me", session)}.` : "You are not logged in." };
  },
  async "POST /login"(session) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    session.login = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce(), idTokenExpected: true };
    return {
      location: client.buildAuthorizationUrl(config, {
        redirect_uri: `${ORIGIN}/callback`,
        scope: "openid",
        state: session.login.expectedState,
        nonce: session.login.expectedNonce,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: "S256",
      }),
    };
  },
  async "GET /callback"(session, url) {
    const { login } = session;
    delete session.login; // a login is tried once
    if (!login) throw new Error("this login did not begin here");
    const { access_token, id_token } = await client.authorizationCodeGrant(config, url, login);
    sessions.delete(session.id);
    return { location: "/", session: newSession({ accessToken: access_token, idToken: id_token }) };
  },
  async "GET /club"(session) {
    return { text: `Welcome to the club, ${await ask("/club", session)}.` };
  },
  async "POST /logout"(session) {
    const location = client.buildEndSessionUrl(config, { id_token_hint: session.idToken, post_logout_redirect_uri: `${ORIGIN}/` });
    sessions.delete(session.id);
    return { location };
  },
};

/** Calls the back end for the user of a session. */
async function ask(path, { accessToken }) {
  const response = await fetch(BACKEND_URL + path, { headers: accessToken && { Authorization: `Bearer ${accessToken}` } });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${response.status} ${answer.msg}`);
  return answer.hello;
}

const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const page = (text) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shop</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere } form { display: inline }</style>
<h1>Shop</h1>
<p role="status">${escape(text)}</p>
<form method="post" action="/login"><button>Log in</button></form>
<form action="/club"><button>Enter the club</button></form>
<form method="post" action="/logout"><button>Log out</button></form>
`;

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, ORIGIN);
  const route = routes[`${request.method} ${url.pathname}`];
  if (!route) return response.writeHead(404).end();
  const id = /(?:^|; )__Host-session=([^;]*)/.exec(request.headers.cookie)?.[1];
  const session = sessions.get(id) ?? newSession();
  const answer = await route(session, url).catch((error) => ({ text: `That did not work: ${error.error_description ?? error.message}` }));
  const cookie = (answer.session ?? session).id;
  if (cookie !== id) response.setHeader("Set-Cookie", `__Host-session=${cookie}; Path=/; Secure; HttpOnly; SameSite=Lax`);
  if (answer.location) response.writeHead(303, { Location: String(answer.location) }).end();
  else response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" }).end(page(answer.text));
});
server.listen(0, "127.0.0.1", () => console.log(`the front end answers at http://127.0.0.1:${server.address().port}`));
