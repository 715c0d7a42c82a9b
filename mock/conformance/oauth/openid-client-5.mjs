// openid-client 5.7.1 against the mock: discovery, login, userinfo, refusal, silent renewal, logout and key rotation.
import assert from "node:assert/strict";
import { generators, Issuer } from "openid-client-5";

import { baseURL, CONTRACT, publishableKey, secretKey } from "../mock.mjs";
import { suite } from "../report.mjs";
import { newBrowser, redirectURI, testWallet } from "./browser.mjs";
import { checkRotation } from "./rotation.mjs";

const wallet = await testWallet();
const { check, finish } = suite("openid-client 5");
let issuer;

/** A client with a method of authentication. */
function newClient(method) {
  return new issuer.Client({
    client_id: publishableKey,
    client_secret: method === "none" ? undefined : secretKey,
    redirect_uris: [redirectURI],
    response_types: ["code"],
    id_token_signed_response_alg: "ES256",
    token_endpoint_auth_method: method,
  });
}

/** Begins a login: its URL, and what the client checks the callback with. */
function begin(client, parameters = {}) {
  const checks = { code_verifier: generators.codeVerifier(), state: generators.state(), nonce: generators.nonce(), response_type: "code" };
  const { code_verifier, state, nonce } = checks;
  const code_challenge = generators.codeChallenge(code_verifier);
  return { url: client.authorizationUrl({ scope: "openid email", code_challenge, code_challenge_method: "S256", state, nonce, ...parameters }), checks };
}

const end = (client, callback, checks) => client.callback(redirectURI, client.callbackParams(callback.href), checks);

await check("discovery: OpenID Connect", async () => {
  issuer = await Issuer.discover(baseURL);
  assert.equal(issuer.metadata.issuer, baseURL);
});

for (const method of ["client_secret_basic", "client_secret_post", "none"]) {
  await check(`login and userinfo: ${method}`, async () => {
    const client = newClient(method);
    const { url, checks } = begin(client);
    const tokens = await end(client, await newBrowser().decide(url, "approve", wallet), checks);
    assert.equal(tokens.claims().sub, `ethereum:${wallet}`);
    assert.equal((await client.userinfo(tokens)).walletAddress, wallet);
    assert.equal((await client.userinfo(tokens, { method: "POST" })).walletAddress, wallet);
  });
}

const client = newClient("client_secret_basic");
const refusedWith = (code) => (error) => error.error === code;

await check("refusal: the user says no", async () => {
  const { url, checks } = begin(client);
  await assert.rejects(end(client, await newBrowser().decide(url, "deny", wallet), checks), refusedWith("access_denied"));
});

await check("refusal: the gate stays closed", async () => {
  const { url, checks } = begin(client, { contractAddress: CONTRACT, minTokenBalance: "1000000" });
  await assert.rejects(end(client, await newBrowser().decide(url, "approve", wallet), checks), refusedWith("access_denied"));
});

await check("prompt=none and max_age: a browser that logged in gets a code without a page, and another does not", async () => {
  const browser = newBrowser();
  const first = begin(client);
  await end(client, await browser.decide(first.url, "approve", wallet), first.checks);
  const again = begin(client, { prompt: "none", max_age: 600 });
  const tokens = await end(client, await browser.follow(again.url), { ...again.checks, max_age: 600 });
  assert.equal(tokens.claims().sub, `ethereum:${wallet}`);
  await assert.rejects(end(client, await newBrowser().follow(again.url), again.checks), refusedWith("login_required"));
});

await check("logout: the browser goes back", async () => {
  const url = client.endSessionUrl({ client_id: publishableKey, post_logout_redirect_uri: redirectURI, state: "bye" });
  assert.equal((await newBrowser().follow(url)).href, `${redirectURI}?state=bye`);
});

// For a minute after it fetched keys, it fetches no others.
await checkRotation(check, {
  patience: 60_000,
  async login() {
    const { url, checks } = begin(client, { nonce: "n-rotation" });
    return end(client, await newBrowser().decide(url, "approve", wallet), { ...checks, nonce: "n-rotation" });
  },
});

finish();
