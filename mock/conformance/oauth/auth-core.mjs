// @auth/core 0.41.3, which Auth.js and NextAuth 5 are made of, against the mock: discovery, login, userinfo and refusal. The provider is
// any that speaks OpenID Connect, and has the defaults: PKCE, no state, no nonce, and the user from the ID token. It does not check
// the signature of the ID token, which comes from the token endpoint, so the rotation of keys does not concern it.
import assert from "node:assert/strict";
import { Auth } from "@auth/core";

import { baseURL, CONTRACT, control, publishableKey, secretKey } from "../mock.mjs";
import { suite } from "../report.mjs";
import { newBrowser, testWallet } from "./browser.mjs";

const site = `http://localhost:${process.env.PICKET_PAGE_PORT}/auth`;
await control("POST", "/redirectURIs", { redirectURI: `${site}/callback/picket` });

const wallet = await testWallet();
const email = `${wallet}@ethereum.wallet.example`.toLowerCase();
const { check, finish } = suite("@auth/core");

/** A site that logs in with the mock, and a browser on it. Options of the provider are those that differ from the defaults. */
function open(options = {}) {
  const errors = [];
  const profiles = [];
  const config = {
    basePath: "/auth",
    secret: "a secret that seals cookies",
    trustHost: true,
    providers: [{ id: "picket", name: "Picket", type: "oidc", issuer: baseURL, clientId: publishableKey, clientSecret: secretKey, ...options }],
    events: { signIn: ({ profile }) => void profiles.push(profile) },
    logger: { error: (error) => void errors.push(error), warn: () => {}, debug: () => {} },
  };
  const cookies = new Map();
  async function request(url, body) {
    const headers = { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    const response = await Auth(new Request(url, { method: body ? "POST" : "GET", headers, body }), config);
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  }
  return {
    /** Begins a login, with further parameters for the mock, and returns where that sends the browser. */
    async begin(parameters = {}) {
      const { csrfToken } = await (await request(`${site}/csrf`)).json();
      const response = await request(`${site}/signin/picket?${new URLSearchParams(parameters)}`, new URLSearchParams({ csrfToken }));
      assert.equal(response.status, 302, errors[0]?.message);
      return new URL(response.headers.get("Location"));
    },
    /** Opens the callback, and returns the user who is logged in then. */
    async end(callback) {
      const response = await request(callback);
      assert.equal(response.status, 302);
      const session = await (await request(`${site}/session`)).json();
      return session?.user;
    },
    /** Why the last login failed. The site is not told more. */
    refusal: () => errors.at(-1)?.type,
    /** What the provider said of the user who logged in last. */
    profile: () => profiles.at(-1),
  };
}

/** Logs in, as far as the decision lets, and returns the site and the user. */
async function login({ options, parameters, decision = "approve" } = {}) {
  const at = open(options);
  const user = await at.end(await newBrowser().decide(await at.begin(parameters), decision, wallet));
  return { ...at, user };
}

await check("discovery: the issuer is enough", async () => {
  const url = await open().begin();
  assert.equal(url.origin + url.pathname, `${baseURL}/oauth2/authorize`);
});

await check("login: with the defaults, PKCE and no state", async () => {
  const { begin, user, profile } = await login();
  assert.equal((await begin()).searchParams.has("state"), false);
  assert.equal(user?.email, email);
  assert.equal(profile().iss, baseURL);
});

await check("login: with PKCE, state and nonce", async () => {
  const { user, profile } = await login({ options: { checks: ["pkce", "state", "nonce"] } });
  assert.equal(user?.email, email);
  assert.ok(profile().nonce);
});

await check("login: the secret in the form", async () => {
  const { user } = await login({ options: { client: { token_endpoint_auth_method: "client_secret_post" } } });
  assert.equal(user?.email, email);
});

await check("userinfo: with idToken: false", async () => {
  const { user, profile } = await login({ options: { idToken: false } });
  assert.equal(user?.email, email);
  assert.equal(profile().walletAddress, wallet);
});

await check("refusal: the user says no", async () => {
  const { user, refusal } = await login({ decision: "deny" });
  assert.equal(user, undefined);
  assert.equal(refusal(), "OAuthCallbackError"); // the provider answered with an error
});

await check("refusal: the gate stays closed", async () => {
  const { user, refusal } = await login({ parameters: { contractAddress: CONTRACT, minTokenBalance: "1000000" } });
  assert.equal(user, undefined);
  assert.equal(refusal(), "OAuthCallbackError"); // the provider answered with an error
});

await check("refusal: a callback without the cookie of the login", async () => {
  const callback = await newBrowser().decide(await open().begin(), "approve", wallet);
  const elsewhere = open();
  assert.equal(await elsewhere.end(callback), undefined);
  assert.equal(elsewhere.refusal(), "InvalidCheck");
});

finish();
