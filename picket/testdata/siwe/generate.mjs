// Makes messages.json: signing messages as siwe 1.1.6 and picket-js write them, signed by ethers and tweetnacl. And
// fields.json: whether siwe 1.1.6 reads a message with a given field, and the field as it was written.
// Everything in them follows from a fixed seed, so that a second run makes the same files.
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

const fields = {
  domain: [
    "example.com", "localhost:3000", "127.0.0.1", "[::1]:3000", "[2001:db8::1]", "[::ffff:1.2.3.4]", "xn--bcher-kva.example", "a_b.example",
    "EXAMPLE.COM", "a.b.c.", "%41.example", "example.com:65535", "com.example.app", "it's(not)a*host!",
    "https://example.com", "//example.com", "example.com/", "example.com/path", "example.com?q", "example.com#f", "shop example.com",
    " example.com", "example.com ", "example.com\t", "bücher.example", "example.com:port", "example.com:-1", "a:b:80", "::1", "[::1", "[:::]",
    "[1.2.3.4]", "[fe80::1%25eth0]", "<example>", "exa\"mple", "a\\b", "%zz", "example.com\nexample.org", "example.com\r",
    "evil.example wants you to sign in with your Ethereum account:\n0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8\n\nexample.com",
    "user@example.com", "user:password@example.com", "example.com@evil.example", "example.com:", "example.com:100000",
  ],
  uri: [
    "https://example.com", "https://example.com/", "http://localhost:3000/a/b?c=d&e#f", "http://[::1]:3000", "did:key:z6Mk", "urn:a:b", "https:",
    "file:///etc/hosts", "custom+scheme.1-2://x", "https://example.com/%41", "https://example.com/?a?b/c", "mailto:alice@example.com", "a:/b", "a:/",
    "https://example.com/@alice", "",
    "example.com", "//example.com", "/path", "https//example.com", "1https://example.com", "://example.com", "https://example.com/a b",
    " https://example.com", "https://example.com ", "https://bücher.example", "https://example.com/ü", "https://example.com/%", "https://example.com/%zz",
    "https://example.com/<b>", "https://example.com/{a}", "https://example.com/a\\b", "https://example.com/[a]", "https://example.com/#a#b",
    "https://[::1", "https://[:::]/", "https://[fe80::1%25eth0]", "https://example.com:port", "https://example.com\nVersion: 1", "https://example.com\t",
    "https://user@example.com", "https://user:password@example.com/", "https://example.com:", "https://example.com:100000",
  ],
  issuedAt: [
    "2022-10-25T01:12:36Z", "2022-10-25T01:12:36.000Z", "2022-10-25T01:12:36.123456789Z", "2024-02-29T23:59:59+02:00", "1999-12-31T23:59:59-11:30",
    "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2022-10-25t01:12:36z",
    "2022-10-25", "2022-10-25 01:12:36Z", "2022-10-25T01:12:36", "2022-10-25T01:12Z", "2022-10-25T1:12:36Z", "2022-10-25T01:12:36,5Z",
    "2022-10-25T01:12:36.Z", "2022-10-25T01:12:36+0200", "2022-10-25T01:12:36+2:00", "22-10-25T01:12:36Z", "1666660356", "now", "Tue, 25 Oct 2022 01:12:36 GMT",
    "2022-10-25T01:12:36Z ", "2022-10-25T01:12:36Z\nRequest ID: 1", "+02022-10-25T01:12:36Z", "２０２２-10-25T01:12:36Z",
    "2022-13-25T01:12:36Z", "2023-02-29T01:12:36Z", "2022-10-25T24:12:36Z", "2022-10-25T01:60:36Z", "2022-10-25T01:12:61Z", "2016-12-31T23:59:60Z",
    "2022-10-25T01:12:36+24:00",
  ],
  nonce: [
    "12345678", "abcdefgh", "ABCDEFGH", "3OUGVWAZ5MJT", "x".repeat(200),
    "1234567", "1", "1234 5678", "1234-5678", "1234_5678", "12345678=", "12345678\n", "12345678\nIssued At: 2022-10-25T01:12:36Z", "größer123", "１２３４５６７８",
  ],
  address: [
    "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", "0xa548ac9c6f41b19175023b5f09c6e70f99cfeec8", "0xA548AC9C6F41B19175023B5F09C6E70F99CFEEC8",
    "A548ac9c6f41B19175023B5f09c6E70f99cFeec8", "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec", "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec80",
    "0xG548ac9c6f41B19175023B5f09c6E70f99cFeec8", " 0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8\n",
    "0x1234567890abcdef", "alice.eth", "6VnAmejskVXfYik12tggk9YDiHz22e6esteoxNNJdZsB", "0XA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
  ],
  statement: [
    "Sign in with your wallet.", "https://example.com/terms?a=b#c [1] (2) *3* ~4~", "URI: https://evil.example", " ",
    "Sign in.\nURI: https://evil.example", "Sign in.\n", "\n", "Sign in.\rURI: https://evil.example", "Sign in.\r\n\r\nNonce: 12345678",
    "Größe: ß", "使用您的钱包登录", "a\ttab", "say \"hello\"", "100 %",
  ],
};
const sound = {
  domain: "example.com",
  address: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
  statement: "Sign in.",
  uri: "https://example.com",
  version: "1",
  chainId: 1,
  nonce: "3OUGVWAZ5MJT",
  issuedAt: "2022-10-25T01:12:36Z",
};
const readsBack = (fields) => {
  try {
    const read = new SiweMessage(new SiweMessage(fields).prepareMessage());
    return Object.keys(fields).every((name) => read[name] === fields[name]);
  } catch {
    return false;
  }
};
const verdicts = Object.entries(fields).flatMap(([field, values]) =>
  values.map((value) => ({ field, value, accepted: readsBack({ ...sound, [field]: value }) })),
);
writeFileSync(new URL("fields.json", import.meta.url), JSON.stringify(verdicts, null, 1) + "\n");
console.log(`${verdicts.length} fields`);
