// What a client does when the issuer signs with another key.
import assert from "node:assert/strict";

import { control } from "../mock.mjs";

/**
 * Checks that a client gets to know a new key, keeps to the old one while it is served, and forgets it afterwards. login() logs in and
 * returns the tokens, or rejects. accept(tokens) rejects if the client refuses the tokens; by default the token endpoint answers a login
 * with them, so that all logins need the same nonce. If patience is set, the client refuses a new key for so many milliseconds after it
 * fetched keys.
 */
export async function checkRotation(check, { login, accept = (tokens) => answerWith(tokens, login), patience = 0 }) {
  let first, second;
  await check(`key rotation: a new key is ${patience ? `refused for ${patience / 1000} s, and then ` : ""}fetched`, async () => {
    await accept((first = await login()));
    await rotate(60);
    if (patience) await assert.rejects(async () => accept(await login()), unknownKey);
    wait(patience);
    await accept((second = await login()));
    assert.notEqual(keyID(second), keyID(first));
  });
  await check("key rotation: an old token is valid while its key is served", () => accept(first));
  await check("key rotation: a token is refused when its key is no longer served", async () => {
    await rotate(0);
    wait(patience);
    await accept(await login()); // and so the client has fetched the keys again
    await assert.rejects(accept(second), unknownKey);
  });
}

// How the clients say it. A client that does not check signatures would accept the token, and so fail the check.
const unknownKey = (error) => /no (valid|applicable) keys? found|no applicable key found|signature verification failed/.test(error.message);

const keyID = ({ id_token }) => JSON.parse(Buffer.from(id_token.split(".")[0], "base64url")).kid;

/** Has the mock sign with another key, and serve the one before it for some seconds. */
const rotate = (keepSeconds) => control("POST", "/signingKeys/rotate", { keepSeconds });

/** Lets the client believe that time has passed. The mock does not. */
function wait(milliseconds) {
  const now = Date.now;
  Date.now = () => now() + milliseconds;
}

/** Logs in while the token endpoint answers with tokens that it gave before. */
async function answerWith({ access_token, id_token }, login) {
  const body = { access_token, id_token, token_type: "Bearer", expires_in: 3600 };
  await control("POST", "/stubs", { operation: "token", status: 200, body, count: 1, breaksContract: true });
  await login();
}
