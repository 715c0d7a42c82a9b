// What the programs in TypeScript share: wallets, balances in the mock, and a line for each check.
import assert from "node:assert/strict";
import { ed25519 } from "@noble/curves/ed25519";
import { base58 } from "@scure/base";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

export const BASE_URL = variable("PICKET_URL");
export const SECRET_KEY = variable("PICKET_SECRET_KEY");
export const BASIC = `Basic ${btoa(`${SECRET_KEY}:`)}`; // the key is the user, and the password is empty
export const TOKEN = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984";
const FAILED = 3; // an exit status that Node.js does not use for a crash

export interface Wallet {
  chain: string;
  walletAddress: string;
  sign(message: string): Promise<string>;
}

export function ethereumWallet(): Wallet {
  const account = privateKeyToAccount(generatePrivateKey());
  return { chain: "ethereum", walletAddress: account.address, sign: (message) => account.signMessage({ message }) };
}

export function solanaWallet(): Wallet {
  const key = ed25519.utils.randomPrivateKey();
  return {
    chain: "solana",
    walletAddress: base58.encode(ed25519.getPublicKey(key)),
    sign: async (message) => base58.encode(ed25519.sign(new TextEncoder().encode(message), key)),
  };
}

export function simpleMessage(nonce: { nonce: string; statement: string }, wallet: Wallet): string {
  return `${nonce.statement}\n\nAddress: ${wallet.walletAddress}\nNonce: ${nonce.nonce}`;
}

/** Sets how much of a token the mock says that the wallet holds. */
export async function setBalance(wallet: Wallet, balance: string, token: { contractAddress: string } | { collection: string }) {
  const response = await fetch(`${variable("PICKET_CONTROL_URL")}/balances`, {
    method: "PUT",
    headers: { Authorization: BASIC, "Content-Type": "application/json" },
    body: JSON.stringify({ chain: wallet.chain, walletAddress: wallet.walletAddress, balance, ...token }),
  });
  equal(response.status, 204);
}

export function equal<T>(got: T, want: NoInfer<T>) {
  assert.deepEqual(got, want);
}

/** Runs the checks in their order. */
export async function run(name: string, checks: Record<string, () => Promise<void>>) {
  for (const [title, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok   ${name}  ${title}`);
    } catch (error) {
      // A check that fails does not end the others.
      console.log(`FAIL ${name}  ${title}: ${String(error).replace(/\s+/g, " ").slice(0, 400)}`);
      process.exitCode = FAILED;
    }
  }
}

function variable(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}
