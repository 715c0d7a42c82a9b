// A wallet service for Flow accounts as FCL's wallet provider specification has it: FCL asks it by HTTP, and it answers with composite
// signatures. FCL leaves the domain tag, the hash and the signature to wallets; here Node's OpenSSL makes them.
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";

const versioned = (f_type, fields) => ({ f_type, f_vsn: "1.0.0", ...fields });
const userTag = Buffer.alloc(32); // filled up with zeros
userTag.write("FLOW-V0.0-user");

/** A new key: what the mock is given, and how it signs. */
export function flowKey({ curve = "P-256", hash = "SHA3-256", weight } = {}) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const { x, y } = publicKey.export({ format: "jwk" });
  const algorithm = { "SHA3-256": "sha3-256", "SHA2-256": "sha256" }[hash];
  return {
    given: { publicKey: [x, y].map((half) => Buffer.from(half, "base64url").toString("hex")).join(""), curve, hash, weight },
    sign: (bytes) => sign(algorithm, bytes, { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("hex"),
    signMessage(bytes) {
      return this.sign(Buffer.concat([userTag, bytes]));
    },
  };
}

/** A new account with keys, whose indexes on the chain are their places here. */
export const flowAccount = (...keys) => ({ address: randomBytes(8).toString("hex"), keys });

/** Starts the wallet. It holds one account, and signs with those of its keys that have an index in signWith. */
export async function flowWallet({ CompositeSignature }) {
  let account, signWith;
  const service = (type, fields) => versioned("Service", { type, uid: `wallet#${type}`, id: account.address, endpoint: `${url}/${type}`, ...fields });
  const answers = {
    authn: () => versioned("AuthnResponse", { addr: account.address, services: [service("authn"), service("user-signature", { method: "HTTP/POST" })] }),
    "user-signature": ({ message }) =>
      signWith.map((i) => new CompositeSignature(account.address, i, account.keys[i].signMessage(Buffer.from(message, "hex")))),
  };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const answer = answers[new URL(request.url, url).pathname.slice(1)]; // there is none for the chain, which FCL asks for its ID
    response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer ? versioned("PollingResponse", { status: "APPROVED", data: answer(JSON.parse(body)) }) : {}));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    hold(held, indexes = held.keys.map((_, i) => i)) {
      [account, signWith] = [held, indexes];
    },
  };
}
