// Makes messages.json: signing messages as siwe 1.1.6 and picket-js write them, signed by ethers and tweetnacl.
// Everything in it follows from a fixed seed, so that a second run makes the same file.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import bs58 from "bs58";
import { Wallet } from "ethers";
import { SiweMessage } from "siwe";
import nacl from "tweetnacl";

let counter = 0;
const bytes = () => createHash("sha256").update(`picket ${counter++}`).digest();
const number = (n) => bytes().readUInt32BE(0) % n;
const pick = (list) => list[number(list.length)];

const statements = [
  "Sign in with your wallet.",
  "Sign in with Ethereum to the app.",
  "Ethereum, Ethereum and once more Ethereum",
  "ethereum in lower case, ETHEREUM in upper case",
  "Melde dich mit deiner Wallet an. Größe: ß",
  "Connectez-vous à votre compte",
  "使用您的钱包登录",
  "ログインするには署名してください 🔐",
  "سجّل الدخول بمحفظتك",
  "Quotes \" and ' and back\\slashes, 100 % $& $1 $$ {braces} %s %d",
  "  spaces around  ",
  "a\ttab",
  "x".repeat(2000),
];
const origins = [
  "https://example.com",
  "http://localhost:3000",
  "https://app.example.co.uk:8443",
  "https://xn--bcher-kva.example",
  "http://127.0.0.1",
  "http://[::1]:3000",
];
const times = ["2022-10-25T01:12:36.000Z", "2022-10-25T01:12:36Z", "2024-02-29T23:59:59.999+02:00", "1999-12-31T23:59:59-11:30"];
const chains = {
  ethereum: [1, 137, 10, 42161, 43114, 9007199254740991],
  solana: [101],
  flow: [747],
};

// What picket-js 0.0.102 does with the text of siwe.
const names = { solana: "Solana", flow: "Flow" };
const finish = (message, chainType) => (names[chainType] ? message.replaceAll("Ethereum", names[chainType]) : message);

const signers = {
  async ethereum(message) {
    const wallet = new Wallet(bytes());
    const address = pick([(a) => a, (a) => a.toLowerCase()])(wallet.address);
    const text = message(address);
    return { walletAddress: address, message: text, signature: await wallet.signMessage(text) };
  },
  async solana(message) {
    const keys = nacl.sign.keyPair.fromSeed(bytes());
    const address = bs58.encode(keys.publicKey);
    const text = message(address);
    return { walletAddress: address, message: text, signature: bs58.encode(nacl.sign.detached(Buffer.from(text), keys.secretKey)) };
  },
  async flow(message) {
    const address = "0x" + bytes().toString("hex").slice(0, 16);
    return { walletAddress: address, message: message(address) };
  },
};

const cases = [];
for (let i = 0; i < 300; i++) {
  const chainType = pick(["ethereum", "ethereum", "solana", "flow"]);
  const format = i % 6 === 0 ? "simple" : "siwe";
  const uri = pick(origins);
  const statement = pick(statements);
  const nonce = bytes().toString("base64").replace(/[^A-Za-z0-9]/g, "").slice(0, 8 + number(24));
  const context = { domain: new URL(uri).host, uri, chainId: pick(chains[chainType]), issuedAt: pick(times), chainType };
  const message = (address) =>
    format === "simple"
      ? `${statement}\n\nAddress: ${address}\nNonce: ${nonce}`
      : finish(
          new SiweMessage({
            address,
            nonce,
            statement,
            domain: context.domain,
            uri: context.uri,
            chainId: context.chainId,
            issuedAt: context.issuedAt,
            version: "1",
          }).prepareMessage(),
          chainType,
        );
  cases.push({ nonce: { nonce, statement, format }, context, ...(await signers[chainType](message)) });
}
writeFileSync(new URL("messages.json", import.meta.url), JSON.stringify(cases, null, 1) + "\n");
console.log(`${cases.length} messages`);
