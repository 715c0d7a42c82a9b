// What picket-go 14fdf97 sends, byte for byte where it matters. The SDK itself is not run: its module is on no module
// proxy. Its defects are that names in its requests are misspelt; a server that ignores unknown names would let everyone
// through a gate written so, and the mock has to name the mistake.
import assert from "node:assert/strict";

import { baseURL, CONTRACT, MINT, secretKey } from "../mock.mjs";
import { suite } from "../report.mjs";
import { ethereumWallet, simpleMessage, solanaWallet } from "./wallets.mjs";

/** Posts a body as picket-go does. The path is joined as Go's path.Join does it: fetch resolves ".." in the same way. */
async function post(path, body) {
  const response = await fetch(`${baseURL}/${path}`, {
    method: "POST",
    headers: {
      "User-Agent": "picket-go",
      "Content-Type": "application/json",
      Authorization: `Basic ${btoa(`${secretKey}:`)}`,
    },
    body: JSON.stringify(body),
  });
  assert.match(response.headers.get("Content-Type") ?? "", /^application\/json/); // an error that is not JSON loses its status
  return { status: response.status, body: await response.json() };
}

const noContext = { domain: "", uri: "", chainId: "", issuedAt: "", chainType: "", locale: "" };

async function login(wallet, requirements = {}) {
  const { body: nonce } = await post("auth/nonce", { walletAddress: wallet.walletAddress, chain: wallet.chain });
  const { chain, walletAddress } = wallet;
  const signature = await wallet.sign(simpleMessage(nonce, wallet));
  return post("auth", { chain, walletAddress, signature, requirements, context: noContext });
}

function succeeded({ status, body }) {
  assert.equal(status, 200, body.msg);
  return body;
}

function refused({ status, body }, wantStatus, code, phrase) {
  assert.deepEqual({ status, code: body.code }, { status: wantStatus, code }, body.msg);
  assert.match(body.msg, phrase);
}

const { check, finish } = suite("picket-go");

await check('nonce: defect: "wallet_address" is answered with the name that was meant', async () => {
  const request = { chain: "ethereum", wallet_address: ethereumWallet().walletAddress, locale: "" };
  refused(await post("auth/nonce", request), 400, "parameter_invalid", /"wallet_address".*did you mean "walletAddress"/);
});

await check("auth: empty requirements and a context of empty strings are absent ones", async () => {
  const wallet = ethereumWallet();
  assert.equal(succeeded(await login(wallet)).user.walletAddress, wallet.walletAddress);
});

await check('auth: defect: "token_ids" is answered with the name that was meant, and lets nobody in', async () => {
  refused(await login(solanaWallet(), { token_ids: [MINT] }), 400, "parameter_invalid", /"token_ids".*did you mean "tokenIds"/);
});

await check('authz: defect: "token_ids" is answered with the name that was meant, and lets nobody in', async () => {
  const { accessToken } = succeeded(await login(solanaWallet()));
  const request = { accessToken, requirements: { token_ids: [MINT] }, revalidate: false };
  refused(await post("authz", request), 400, "parameter_invalid", /"token_ids".*did you mean "tokenIds"/);
});

await check("authz and validate: empty requirements", async () => {
  const { accessToken } = succeeded(await login(ethereumWallet()));
  succeeded(await post("authz", { accessToken, requirements: {}, revalidate: false }));
  succeeded(await post("auth/validate", { accessToken, requirements: {} }));
});

await check("tokenOwnership: the requirements at top level", async () => {
  const { walletAddress } = ethereumWallet();
  const answer = await post(`chains/ethereum/wallets/${walletAddress}/tokenOwnership`, { contractAddress: CONTRACT });
  assert.equal(succeeded(answer).allowed, false);
});

await check('tokenOwnership: defect: "token_ids" is answered with the name that was meant', async () => {
  const { walletAddress } = solanaWallet();
  const answer = await post(`chains/solana/wallets/${walletAddress}/tokenOwnership`, { token_ids: [MINT] });
  refused(answer, 400, "parameter_invalid", /"token_ids".*did you mean "tokenIds"/);
});

await check("tokenOwnership: defect: a wallet address that climbs the path reaches no other endpoint of the mock", async () => {
  const answer = await post("chains/ethereum/wallets/../../../auth/nonce/tokenOwnership", { contractAddress: CONTRACT });
  refused(answer, 404, "resource_not_found", /tokenOwnership/);
});

finish();
