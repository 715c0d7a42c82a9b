// openid-client 6.9.0 against the mock: discovery, login, userinfo, refusal, silent renewal, logout and key rotation.
import assert from "node:assert/strict";
import * as client from "openid-client";

import { baseURL, CONTRACT, publishableKey, secretKey } from "../mock.mjs";
import { suite } from "../report.mjs";
import { newBrowser, redirectURI, testWallet } from "./browser.mjs";
import { checkRotation } from "./rotation.mjs";

const wallet = await testWallet();
const { check, finish } = suite("openid-client 6");
const insecure = { execute: [client.allowInsecureRequests] };

/** Begins a login: its URL, and what the client checks the callback with. */
async function begin(config, parameters = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const expectedNonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectURI,
    scope: "openid email",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    ...parameters,
  });
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
}

for (const [name, authentication] of Object.entries({
  "client_secret_basic, which it form-encodes": client.ClientSecretBasic(secretKey),
  client_secret_post: client.ClientSecretPost(secretKey),
  "a public client": client.None(),
})) {
  await check(`discovery, login and userinfo: ${name}`, async () => {
    const config = await client.discovery(new URL(baseURL), publishableKey, undefined, authentication, insecure);
    const { url, checks } = await begin(config);
    const tokens = await client.authorizationCodeGrant(config, await newBrowser().decide(url, "approve", wallet), checks);
    const claims = tokens.claims();
    assert.equal(claims.iss, baseURL);
    assert.equal(claims.sub, `ethereum:${wallet}`);
    const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.equal(user.walletAddress, wallet);
  });
}

const config = await client.discovery(new URL(baseURL), publishableKey, secretKey, undefined, insecure);
const refusedWith = (code) => (error) => error instanceof client.AuthorizationResponseError && error.error === code;

await check("discovery: by RFC 8414, at the place before the path", async () => {
  const metadata = await client.discovery(new URL(baseURL), publishableKey, undefined, undefined, { ...insecure, algorithm: "oauth2" });
  assert.equal(metadata.serverMetadata().issuer, baseURL);
});

await check("refusal: the user says no", async () => {
  const { url, checks } = await begin(config);
  await assert.rejects(client.authorizationCodeGrant(config, await newBrowser().decide(url, "deny", wallet), checks), refusedWith("access_denied"));
});

await check("refusal: the gate stays closed", async () => {
  const { url, checks } = await begin(config, { contractAddress: CONTRACT, minTokenBalance: "1000000" });
  await assert.rejects(client.authorizationCodeGrant(config, await newBrowser().decide(url, "approve", wallet), checks), refusedWith("access_denied"));
});

await check("refusal: a code works once", async () => {
  const { url, checks } = await begin(config);
  const callback = await newBrowser().decide(url, "approve", wallet);
  await client.authorizationCodeGrant(config, callback, checks);
  await assert.rejects(client.authorizationCodeGrant(config, callback, checks), (error) => error.error === "invalid_grant");
});

await check("issuer: the callback of another server is not exchanged", async () => {
  const { url, checks } = await begin(config);
  const callback = await newBrowser().decide(url, "approve", wallet);
  callback.searchParams.set("iss", "https://elsewhere.example");
  await assert.rejects(client.authorizationCodeGrant(config, callback, checks), (error) => /unexpected "iss"/.test(error.cause.message));
});

await check("prompt=none and max_age: a browser that logged in gets a code without a page, and another does not", async () => {
  const browser = newBrowser();
  const first = await begin(config);
  await client.authorizationCodeGrant(config, await browser.decide(first.url, "approve", wallet), first.checks);
  const again = await begin(config, { prompt: "none", max_age: "600" });
  const tokens = await client.authorizationCodeGrant(config, await browser.follow(again.url), { ...again.checks, maxAge: 600 });
  assert.equal(tokens.claims().sub, `ethereum:${wallet}`);
  await assert.rejects(client.authorizationCodeGrant(config, await newBrowser().follow(again.url), again.checks), refusedWith("login_required"));
});

await check("logout: the browser goes back, and is logged out", async () => {
  const browser = newBrowser();
  const { url, checks } = await begin(config);
  const tokens = await client.authorizationCodeGrant(config, await browser.decide(url, "approve", wallet), checks);
  const end = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: redirectURI, state: "bye" });
  assert.equal((await browser.follow(end)).href, `${redirectURI}?state=bye`);
  const again = await begin(config, { prompt: "none" });
  await assert.rejects(client.authorizationCodeGrant(config, await browser.follow(again.url), again.checks), refusedWith("login_required"));
});

// It checks signatures only if it is told to, because the ID token comes from the token endpoint. For a minute after it fetched keys,
// it fetches no others.
const verifying = await client.discovery(new URL(baseURL), publishableKey, secretKey, undefined, {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
});
await checkRotation(check, {
  patience: 60_000,
  async login() {
    const { url, checks } = await begin(verifying, { nonce: "n-rotation" });
    return client.authorizationCodeGrant(verifying, await newBrowser().decide(url, "approve", wallet), { ...checks, expectedNonce: "n-rotation" });
  },
});

finish();
