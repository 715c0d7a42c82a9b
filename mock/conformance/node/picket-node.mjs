// picket-node 0.0.12 against the mock: every method that it has, and the refusals that its users meet.
import assert from "node:assert/strict";
import sdk from "@picketapi/picket-node";

import { isUser, refused } from "../expect.mjs";
import { baseURL, CONTRACT, MINT, publishableKey, secretKey, seedBalance } from "../mock.mjs";
import { suite } from "../report.mjs";
import { ethereumWallet, newContext, simpleMessage, siweMessage, solanaWallet } from "./wallets.mjs";

const Picket = sdk.default;

function connect(apiKey) {
  const picket = new Picket(apiKey);
  picket.baseURL = baseURL; // the SDK has no option for it
  return picket;
}

const picket = connect(secretKey);

async function login(wallet, extra = {}) {
  const signature = await wallet.sign(simpleMessage(await picket.nonce(wallet), wallet));
  return picket.auth({ ...wallet, signature, ...extra });
}

async function loginSIWE(wallet) {
  const context = newContext(wallet.chain);
  const signature = await wallet.sign(siweMessage(await picket.nonce(wallet), wallet, context));
  return picket.auth({ ...wallet, signature, context });
}

const { check, finish } = suite("picket-node");

await check("nonce: a nonce, a statement and a format", async () => {
  const nonce = await picket.nonce(ethereumWallet());
  assert.deepEqual(Object.keys(nonce).sort(), ["format", "nonce", "statement"]);
  assert.match(nonce.nonce, /^[A-Za-z0-9]{8,}$/); // EIP-4361's rule
  assert.notEqual(nonce.statement, "");
  assert.ok(["simple", "siwe"].includes(nonce.format));
});

await check("nonce: asking again gives the same one, and another wallet another", async () => {
  const wallet = ethereumWallet();
  const nonce = await picket.nonce(wallet);
  assert.deepEqual(await picket.nonce(wallet), nonce);
  assert.notEqual((await picket.nonce(ethereumWallet())).nonce, nonce.nonce);
});

await check("nonce: defect: the SDK drops the locale, and gets the default statement", async () => {
  const wallet = ethereumWallet();
  const german = await picket.nonce({ ...wallet, locale: "de" });
  assert.equal(german.statement, (await picket.nonce(ethereumWallet())).statement);
});

await check("auth: simple message, signed by ethers", async () => {
  const wallet = ethereumWallet();
  const auth = await login(wallet);
  isUser(auth.user, wallet);
  assert.equal(auth.accessToken.split(".").length, 3);
});

await check("auth: SIWE message with its context, signed by ethers", async () => {
  const wallet = ethereumWallet();
  isUser((await loginSIWE(wallet)).user, wallet);
});

await check("auth: simple message, signed by tweetnacl for Solana", async () => {
  const wallet = solanaWallet();
  isUser((await login(wallet)).user, wallet);
});

await check("auth: SIWE message with its context, signed by tweetnacl for Solana", async () => {
  const wallet = solanaWallet();
  isUser((await loginSIWE(wallet)).user, wallet);
});

await check("auth: a wallet among allowedWallets gets in", async () => {
  const wallet = ethereumWallet();
  const allowedWallets = [ethereumWallet().walletAddress, wallet.walletAddress.toLowerCase()];
  isUser((await login(wallet, { requirements: { allowedWallets } })).user, wallet);
});

await check("auth: a holder of enough tokens gets in, with the balance that was proven", async () => {
  const wallet = ethereumWallet();
  await seedBalance({ ...wallet, contractAddress: CONTRACT, balance: "3" });
  const auth = await login(wallet, { requirements: { contractAddress: CONTRACT, minTokenBalance: 3 } });
  isUser(auth.user, wallet, { contractAddress: { [CONTRACT]: "3" } });
});

await check("authz: a new token", async () => {
  const wallet = ethereumWallet();
  const { accessToken } = await login(wallet);
  const auth = await picket.authz({ accessToken, requirements: { allowedWallets: [wallet.walletAddress] } });
  isUser(auth.user, wallet);
  const [before, after] = [await picket.validate(accessToken), await picket.validate(auth.accessToken)];
  assert.notEqual(after.tid, before.tid);
  assert.equal(after.sub, before.sub);
});

await check("authz: the new token carries the balance; revalidate counts again", async () => {
  const wallet = ethereumWallet();
  const { accessToken } = await login(wallet);
  await seedBalance({ ...wallet, contractAddress: CONTRACT, balance: "3" });
  const requirements = { contractAddress: CONTRACT, minTokenBalance: "3" };
  const auth = await picket.authz({ accessToken, requirements });
  assert.deepEqual((await picket.validate(auth.accessToken, requirements)).tokenBalances, { contractAddress: { [CONTRACT]: "3" } });

  await seedBalance({ ...wallet, contractAddress: CONTRACT, balance: "2" });
  await picket.authz({ accessToken: auth.accessToken, requirements });
  await refused(picket.authz({ accessToken: auth.accessToken, requirements, revalidate: true }), "permission_denied", /2/);
});

await check("validate: the token's claims, flat", async () => {
  const wallet = ethereumWallet();
  const claims = await picket.validate((await login(wallet)).accessToken);
  const { iat, exp, iss, sub, aud, tid, ver, email, ...user } = claims;
  isUser(user, wallet);
  assert.equal(exp - iat, 12 * 60 * 60);
  assert.match(iss, /picketapi\.com/);
  assert.equal(sub, `ethereum:${wallet.walletAddress}`);
  assert.match(aud, /^[0-9a-f-]{36}$/);
  assert.match(tid, /^[0-9a-f-]{36}$/);
});

await check("validate: with requirements that are met", async () => {
  const wallet = ethereumWallet();
  const { accessToken } = await login(wallet);
  await picket.validate(accessToken, { allowedWallets: [wallet.walletAddress] });
});

await check("tokenOwnership: a wallet that holds nothing", async () => {
  const wallet = ethereumWallet();
  const ownership = await picket.tokenOwnership({ ...wallet, contractAddress: CONTRACT });
  const { walletAddress } = wallet;
  assert.deepEqual(ownership, { allowed: false, walletAddress, tokenBalance: "0", tokenBalances: { contractAddress: { [CONTRACT]: "0" } } });
});

await check("tokenOwnership: an ERC-20, ERC-721 or ERC-1155 contract", async () => {
  const wallet = ethereumWallet();
  await seedBalance({ ...wallet, contractAddress: CONTRACT, balance: "3" });
  const of = (minTokenBalance) => picket.tokenOwnership({ ...wallet, contractAddress: CONTRACT, minTokenBalance });
  const { allowed, tokenBalance } = await of(3);
  assert.deepEqual({ allowed, tokenBalance }, { allowed: true, tokenBalance: "3" });
  assert.equal((await of("3.000000000000000001")).allowed, false);
});

await check("tokenOwnership: tokenIds on Solana, none held", async () => {
  const { allowed, tokenBalance } = await picket.tokenOwnership({ ...solanaWallet(), tokenIds: [MINT] });
  assert.deepEqual({ allowed, tokenBalance }, { allowed: false, tokenBalance: "0" });
});

await check("tokenOwnership: tokenIds on Solana", async () => {
  const wallet = solanaWallet();
  await seedBalance({ ...wallet, tokenId: MINT, balance: "0.1337" });
  const ownership = await picket.tokenOwnership({ ...wallet, tokenIds: [MINT], minTokenBalance: "0.1" });
  const { walletAddress } = wallet;
  assert.deepEqual(ownership, { allowed: true, walletAddress, tokenBalance: "0.1337", tokenBalances: { tokenIds: { [MINT]: "0.1337" } } });
});

await check("chains: seven, ethereum among them", async () => {
  const chains = await picket.chains();
  assert.deepEqual(chains.map((chain) => chain.chainSlug).sort(), ["arbitrum", "avalanche", "ethereum", "flow", "optimism", "polygon", "solana"]);
});

await check("chainInfo: one of them; defect: the SDK types chainID, and the API has chainId", async () => {
  const chain = await picket.chainInfo("polygon");
  assert.deepEqual(chain, (await picket.chains()).find(({ chainSlug }) => chainSlug === "polygon"));
  assert.equal(chain.chainId, 137);
  assert.equal(chain.chainID, undefined);
  assert.equal(chain.chainType, "ethereum");
  assert.equal(chain.authorizationSupported, true);
});

await check("refusal: a bad signature", async () => {
  const wallet = ethereumWallet();
  await picket.nonce(wallet);
  const signature = await wallet.sign("another message");
  await refused(picket.auth({ ...wallet, signature }), "parameter_invalid", /invalid signature/);
});

await check("refusal: another wallet's signature", async () => {
  const wallet = solanaWallet();
  const signature = await solanaWallet().sign(simpleMessage(await picket.nonce(wallet), wallet));
  await refused(picket.auth({ ...wallet, signature }), "parameter_invalid", /invalid signature/);
});

await check("refusal: a spent nonce", async () => {
  const wallet = ethereumWallet();
  const signature = await wallet.sign(simpleMessage(await picket.nonce(wallet), wallet));
  await picket.auth({ ...wallet, signature });
  await refused(picket.auth({ ...wallet, signature }), "parameter_invalid", /invalid signature/);
});

await check("refusal: an unknown key", async () => {
  const stranger = connect("sk_ffffffffffffffffffffffffffffffff");
  await refused(stranger.nonce(ethereumWallet()), "api_key_invalid", /invalid project key/);
});

await check("refusal: a publishable key for tokenOwnership", async () => {
  const browser = connect(publishableKey);
  await browser.nonce(ethereumWallet()); // good for the rest
  const request = browser.tokenOwnership({ ...ethereumWallet(), contractAddress: CONTRACT });
  await refused(request, "permission_denied", /secret key/);
});

await check("refusal: a wallet that is not among allowedWallets", async () => {
  const requirements = { allowedWallets: [ethereumWallet().walletAddress] };
  await refused(login(ethereumWallet(), { requirements }), "permission_denied", /allowed wallet addresses/);
});

await check("refusal: an empty allowedWallets lets nobody in", async () => {
  const requirements = { allowedWallets: [] };
  await refused(login(ethereumWallet(), { requirements }), "permission_denied", /allowed wallet addresses/);
});

await check("refusal: too few tokens", async () => {
  const requirements = { contractAddress: CONTRACT, minTokenBalance: "1" };
  await refused(login(ethereumWallet(), { requirements }), "permission_denied", /tokens/);
});

await check("refusal: allowedWallets that is not an array", async () => {
  const requirements = { allowedWallets: ethereumWallet().walletAddress };
  await refused(login(ethereumWallet(), { requirements }), "parameter_invalid", /allowedWallets must be an array/);
});

await check("refusal: a chain that cannot gate", async () => {
  const request = picket.tokenOwnership({ chain: "flow", walletAddress: "0x0123456789abcdef", contractAddress: "A.0123456789abcdef.Token" });
  await refused(request, "parameter_invalid", /token gating/);
});

await check("refusal: a forged access token", async () => {
  const { accessToken } = await login(ethereumWallet());
  const [header, payload, signature] = accessToken.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: "ethereum:0x0" })).toString("base64url");
  await refused(picket.validate([header, forged, signature].join(".")), "parameter_invalid", /invalid access token/);
  await refused(picket.authz({ accessToken: "nonsense", requirements: {} }), "parameter_invalid", /invalid access token/);
});

await check("refusal: an unknown chain", async () => {
  await refused(picket.chainInfo("dogecoin"), "resource_not_found", /dogecoin/);
});

await check("refusal: a malformed wallet address", async () => {
  await refused(picket.nonce({ walletAddress: "0x12" }), "parameter_invalid", /walletAddress/);
});

finish();
