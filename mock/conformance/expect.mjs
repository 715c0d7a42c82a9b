// What the suites of the JavaScript SDKs expect of answers and of refusals.
import assert from "node:assert/strict";

/** Asserts that the API refuses, with a code and a phrase. The SDKs reject with the bare body: the status is lost. */
export async function refused(promise, code, phrase) {
  const body = await promise.then(
    () => assert.fail("the mock did not refuse"),
    (rejection) => rejection,
  );
  if (body instanceof Error) throw body;
  assert.equal(body.code, code, body.msg);
  assert.match(body.msg, phrase);
}

/** Asserts that a user is the owner of a wallet, with the balances that were proven. */
export function isUser(user, { chain, walletAddress }, tokenBalances = {}) {
  assert.deepEqual(user, { chain, walletAddress, displayAddress: walletAddress, tokenBalances });
}
