// oauth4webapi 3.8.8 against the mock: discovery by both standards, login, userinfo, refusal and key rotation.
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";

import { baseURL, CONTRACT, publishableKey, secretKey } from "../mock.mjs";
import { suite } from "../report.mjs";
import { newBrowser, redirectURI, testWallet } from "./browser.mjs";
import { checkRotation } from "./rotation.mjs";

const wallet = await testWallet();
const { check, finish } = suite("oauth4webapi");
const client = { client_id: publishableKey };
const insecure = { [oauth.allowInsecureRequests]: true };

async function discover(algorithm) {
  const response = await oauth.discoveryRequest(new URL(baseURL), { algorithm, ...insecure });
  return oauth.processDiscoveryResponse(new URL(baseURL), response);
}

/** Logs in, checks the signature of the ID token and returns what the token endpoint answers. */
async function login(server, authentication, parameters = {}, decision = "approve") {
  const verifier = oauth.generateRandomCodeVerifier();
  const nonce = parameters.nonce ?? oauth.generateRandomNonce();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: publishableKey,
    redirect_uri: redirectURI,
    response_type: "code",
    scope: "openid email",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    nonce,
    ...parameters,
  });
  const callback = await newBrowser().decide(url, decision, wallet);
  const values = oauth.validateAuthResponse(server, client, callback, parameters.state ?? oauth.expectNoState);
  const response = await oauth.authorizationCodeGrantRequest(server, client, authentication, values, redirectURI, verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(server, response, insecure);
  return tokens;
}

await check("discovery: OpenID Connect and RFC 8414 say the same", async () => {
  assert.deepEqual(await discover("oidc"), await discover("oauth2"));
});

const server = await discover("oidc");

for (const [name, authentication] of Object.entries({
  "client_secret_basic, which it form-encodes": oauth.ClientSecretBasic(secretKey),
  client_secret_post: oauth.ClientSecretPost(secretKey),
  "a public client": oauth.None(),
})) {
  await check(`login and userinfo: ${name}`, async () => {
    const tokens = await login(server, authentication, { state: oauth.generateRandomState() });
    const { sub } = oauth.getValidatedIdTokenClaims(tokens);
    assert.equal(sub, `ethereum:${wallet}`);
    const response = await oauth.userInfoRequest(server, client, tokens.access_token, insecure);
    assert.equal((await oauth.processUserInfoResponse(server, client, sub, response)).walletAddress, wallet);
  });
}

await check("login: without a state", async () => {
  const tokens = await login(server, oauth.ClientSecretBasic(secretKey));
  assert.equal(oauth.getValidatedIdTokenClaims(tokens).sub, `ethereum:${wallet}`);
});

await check("refusal: a secret that is wrong", async () => {
  await assert.rejects(login(server, oauth.ClientSecretBasic("sk_wrong")), (error) => error.status === 401);
});

await check("refusal: a client assertion, which the mock cannot check", async () => {
  const { privateKey } = await oauth.generateKeyPair("ES256");
  await assert.rejects(login(server, oauth.PrivateKeyJwt(privateKey)), (error) => error.error === "invalid_client");
});

const isDenied = (error) => error.error === "access_denied";

await check("refusal: the user says no", async () => {
  await assert.rejects(login(server, oauth.None(), {}, "deny"), isDenied);
});

await check("refusal: the gate stays closed", async () => {
  await assert.rejects(login(server, oauth.None(), { contractAddress: CONTRACT, minTokenBalance: "1000000" }), isDenied);
});

// For a minute after it fetched keys, it fetches no others.
await checkRotation(check, { patience: 60_000, login: () => login(server, oauth.ClientSecretBasic(secretKey), { nonce: "n-rotation" }) });

finish();
