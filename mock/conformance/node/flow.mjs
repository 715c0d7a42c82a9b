// FCL, by which picket-js logs Flow wallets in, against the mock: FCL asks a wallet for signatures, and picket-node logs in with the first of
// them, as picket-js does.
import assert from "node:assert/strict";
import { config, getCurrentUser, getExecHttpPost, initServiceRegistry, WalletUtils } from "@onflow/fcl-core";
import sdk from "@picketapi/picket-node";

import { isUser, refused } from "../expect.mjs";
import { addFlowKey, baseURL, secretKey } from "../mock.mjs";
import { suite } from "../report.mjs";
import { flowAccount, flowKey, flowWallet } from "./flow-wallet.mjs";
import { newContext, simpleMessage, siweMessage } from "./wallets.mjs";

const picket = new sdk.default(secretKey);
picket.baseURL = baseURL; // the SDK has no option for it

const wallet = await flowWallet(WalletUtils);
globalThis.window = { location: new URL("https://shop.example/") }; // FCL tells wallets the origin of its page
config({ "discovery.wallet": wallet.url + "/authn", "discovery.wallet.method": "HTTP/POST", "flow.network": "emulator" });
initServiceRegistry({ coreStrategies: { "HTTP/POST": getExecHttpPost(() => assert.fail("the wallet shows nothing")) } });
const noStorage = { can: false, get: async () => null, put: async () => {}, removeItem: async () => {} };
const currentUser = getCurrentUser({ platform: "web", getStorageProvider: async () => noStorage });

/** Has the user of an account connect to the page by FCL, and returns who that is. The mock is given the account's keys. */
async function connect(account, indexes) {
  for (const { given } of account.keys) await addFlowKey({ address: `0x${account.address}`, ...given });
  wallet.hold(account, indexes);
  currentUser.unauthenticate();
  const { addr } = await currentUser.authenticate();
  assert.equal(addr, `0x${account.address}`);
  return { chain: "flow", walletAddress: addr };
}

/** Has FCL get the composite signatures of a message. */
async function signaturesOf(message) {
  const signatures = await currentUser.signUserMessage(Buffer.from(message).toString("hex"));
  assert.ok(Array.isArray(signatures), signatures);
  return signatures;
}

const signedMessage = async (user) => signaturesOf(simpleMessage(await picket.nonce(user), user));

const invalid = (promise, phrase) => refused(promise, "parameter_invalid", phrase);

const { check, finish } = suite("fcl");

for (const curve of ["P-256", "secp256k1"]) {
  for (const hash of ["SHA3-256", "SHA2-256"]) {
    await check(`${curve} and ${hash}: a simple message`, async () => {
      const user = await connect(flowAccount(flowKey({ curve, hash })));
      const [{ signature }] = await signedMessage(user);
      isUser((await picket.auth({ ...user, signature })).user, user);
    });
    await check(`${curve} and ${hash}: a SIWE message with its context`, async () => {
      const user = await connect(flowAccount(flowKey({ curve, hash })));
      const context = newContext("flow");
      const [{ signature }] = await signaturesOf(siweMessage(await picket.nonce(user), user, context));
      isUser((await picket.auth({ ...user, signature, context })).user, user);
    });
  }
}

await check("several keys that each have the weight of the account: any one logs in", async () => {
  const user = await connect(flowAccount(flowKey({ weight: 1000 }), flowKey({ weight: 1000, curve: "secp256k1" }), flowKey({ weight: 1000, hash: "SHA2-256" })));
  for (const i of [0, 1, 2]) {
    const signatures = await signedMessage(user);
    assert.deepEqual(signatures.map(({ addr, keyId }) => [addr, keyId]), [[user.walletAddress, 0], [user.walletAddress, 1], [user.walletAddress, 2]]);
    isUser((await picket.auth({ ...user, signature: signatures[i].signature })).user, user);
  }
});

await check("keys that have the weight of the account together: one signature of them is refused, and the API takes one", async () => {
  const user = await connect(flowAccount(flowKey({ weight: 500 }), flowKey({ weight: 500 })));
  const signatures = await signedMessage(user);
  assert.equal(signatures.length, 2);
  for (const { signature } of signatures) await invalid(picket.auth({ ...user, signature }), /invalid signature.*weight 500/);
  await invalid(picket.auth({ ...user, signature: signatures.map(({ signature }) => signature).join("") }), /invalid signature/);
});

await check("a key of weight 1 beside the one that acts for the account: only the other logs in", async () => {
  const account = flowAccount(flowKey({ weight: 1 }), flowKey({ weight: 1000 }));
  const light = await connect(account, [0]);
  await invalid(picket.auth({ ...light, signature: (await signedMessage(light))[0].signature }), /invalid signature.*weight 1,/);
  const user = await connect(account, [1]);
  const [{ keyId, signature }] = await signedMessage(user);
  assert.equal(keyId, 1);
  isUser((await picket.auth({ ...user, signature })).user, user);
});

await check("refusal: a key that the account does not have", async () => {
  const account = flowAccount(flowKey());
  const user = await connect(account);
  wallet.hold({ ...account, keys: [flowKey()] });
  await invalid(picket.auth({ ...user, signature: (await signedMessage(user))[0].signature }), /invalid signature.*not by a known key/);
});

await check("refusal: the signature of another account", async () => {
  const other = await connect(flowAccount(flowKey()));
  const user = await connect(flowAccount(flowKey()));
  const message = simpleMessage(await picket.nonce(user), user);
  await picket.nonce(other);
  const [{ signature }] = await signaturesOf(message);
  await invalid(picket.auth({ ...other, signature }), /invalid signature/);
});

await check("refusal: FCL's proof of an account, and a message without a domain tag", async () => {
  const account = flowAccount(flowKey());
  const user = await connect(account);
  const nonce = await picket.nonce(user);
  const message = simpleMessage(nonce, user);
  const proof = WalletUtils.encodeAccountProof({ appIdentifier: message, address: user.walletAddress, nonce: Buffer.alloc(32, nonce.nonce).toString("hex") });
  for (const bytes of [Buffer.from(proof, "hex"), Buffer.from(message)]) {
    await invalid(picket.auth({ ...user, signature: account.keys[0].sign(bytes) }), /invalid signature/);
  }
});

finish();
