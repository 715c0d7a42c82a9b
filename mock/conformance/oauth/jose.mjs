// jose 6.2.18 against the mock: it checks ID tokens and access tokens, and keeps up with the rotation of keys. It does nothing else, so
// openid-client logs in.
import assert from "node:assert/strict";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import * as client from "openid-client";

import { baseURL, publishableKey, secretKey } from "../mock.mjs";
import { suite } from "../report.mjs";
import { newBrowser, redirectURI, testWallet } from "./browser.mjs";
import { checkRotation } from "./rotation.mjs";

const wallet = await testWallet();
const { check, finish } = suite("jose");
const config = await client.discovery(new URL(baseURL), publishableKey, secretKey, undefined, { execute: [client.allowInsecureRequests] });
const jwksURI = new URL(config.serverMetadata().jwks_uri);

/** What the two tokens are checked for. Access tokens are for the project, whose ID is that of every picket-mock. */
const ofIDToken = { issuer: baseURL, audience: publishableKey, algorithms: ["ES256"] };
const ofAccessToken = { issuer: "picketapi.com", audience: "00000000-0000-4000-8000-000000000000", algorithms: ["ES256"] };

async function login() {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectURI,
    scope: "openid email",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  return client.authorizationCodeGrant(config, await newBrowser().decide(url, "approve", wallet), { pkceCodeVerifier });
}

const { id_token, access_token } = await login();
const keys = createRemoteJWKSet(jwksURI);

await check("verification: an ID token", async () => {
  const { payload } = await jwtVerify(id_token, keys, ofIDToken);
  assert.equal(payload.sub, `ethereum:${wallet}`);
});

await check("verification: an access token", async () => {
  const { payload } = await jwtVerify(access_token, keys, ofAccessToken);
  assert.equal(payload.sub, `ethereum:${wallet}`);
});

await check("refusal: the token of another issuer, for another audience, expired or altered", async () => {
  await assert.rejects(jwtVerify(access_token, keys, { ...ofAccessToken, issuer: baseURL }), errors.JWTClaimValidationFailed);
  await assert.rejects(jwtVerify(access_token, keys, { ...ofAccessToken, audience: publishableKey }), errors.JWTClaimValidationFailed);
  const tomorrow = new Date(Date.now() + 86_400_000);
  await assert.rejects(jwtVerify(access_token, keys, { ...ofAccessToken, currentDate: tomorrow }), errors.JWTExpired);
  const [header, payload] = access_token.split(".");
  const signature = id_token.split(".")[2];
  await assert.rejects(jwtVerify(`${header}.${payload}.${signature}`, keys, ofAccessToken), errors.JWSSignatureVerificationFailed);
});

for (const { name, options, patience = 0, accept } of [
  { name: "ID tokens, by default", patience: 30_000, accept: acceptIDToken },
  { name: "ID tokens, with cooldownDuration: 0", options: { cooldownDuration: 0 }, accept: acceptIDToken },
  { name: "access tokens, which name no key, by default", patience: 600_000, accept: acceptAccessToken },
  { name: "access tokens, which name no key, with cacheMaxAge: 0", options: { cacheMaxAge: 0 }, accept: acceptAccessToken },
]) {
  const rotating = createRemoteJWKSet(jwksURI, options);
  await checkRotation((title, body) => check(`${title}: ${name}`, body), { patience, login, accept: (tokens) => accept(tokens, rotating) });
}

function acceptIDToken({ id_token }, keys) {
  return jwtVerify(id_token, keys, ofIDToken);
}

// As the documentation of jose does it where a token can be of several keys.
async function acceptAccessToken({ access_token }, keys) {
  try {
    return await jwtVerify(access_token, keys, ofAccessToken);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await jwtVerify(access_token, key, ofAccessToken);
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

finish();
