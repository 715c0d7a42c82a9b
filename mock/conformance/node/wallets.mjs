// Test wallets that sign with code that nobody here wrote.
import bs58 from "bs58";
import { Wallet } from "ethers";
import { SiweMessage } from "siwe";
import nacl from "tweetnacl";

/** A new Ethereum wallet: {chain, walletAddress, sign}. */
export function ethereumWallet() {
  const wallet = Wallet.createRandom();
  return { chain: "ethereum", walletAddress: wallet.address, sign: (message) => wallet.signMessage(message) };
}

/** A new Solana wallet: {chain, walletAddress, sign, signBytes}. sign returns base58, and signBytes the bytes, as wallets do. */
export function solanaWallet() {
  const keys = nacl.sign.keyPair();
  const signBytes = (message) => nacl.sign.detached(Buffer.from(message), keys.secretKey);
  return {
    chain: "solana",
    walletAddress: bs58.encode(Buffer.from(keys.publicKey)),
    sign: async (message) => bs58.encode(Buffer.from(signBytes(message))),
    signBytes,
  };
}

/** The message of the format "simple". */
export const simpleMessage = (nonce, wallet) => `${nonce.statement}\n\nAddress: ${wallet.walletAddress}\nNonce: ${nonce.nonce}`;

/** A context as a web page makes it. */
export function newContext(chain) {
  const chainId = { ethereum: 1, solana: 101, flow: 747 }[chain];
  return { domain: "shop.example:8443", uri: "https://shop.example:8443", chainId, chainType: chain, issuedAt: new Date().toISOString(), locale: "en" };
}

/** The message of the format "siwe", written by the package siwe. */
export function siweMessage(nonce, wallet, { domain, uri, chainId, issuedAt, chainType }) {
  const message = new SiweMessage({
    address: wallet.walletAddress,
    version: "1",
    nonce: nonce.nonce,
    statement: nonce.statement,
    domain,
    uri,
    chainId,
    issuedAt,
  }).prepareMessage();
  return message.replaceAll("Ethereum", { ethereum: "Ethereum", solana: "Solana", flow: "Flow" }[chainType]);
}
