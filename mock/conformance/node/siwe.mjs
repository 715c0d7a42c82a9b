// Parsers of EIP-4361 that nobody here wrote read every kind of message that a wallet signs, and have to find the fields that the message was
// made of. PICKET_MESSAGES is the file that the test of conformance/messages writes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { SiweMessage as Siwe1 } from "siwe";
import { SiweMessage as Siwe2 } from "siwe-2";
import { SiweMessage as Siwe3 } from "siwe-3";
import { parseSiweMessage, validateSiweMessage } from "viem/siwe";

import { suite } from "../report.mjs";

const messages = JSON.parse(await readFile(process.env.PICKET_MESSAGES, "utf8"));
const names = ["domain", "address", "statement", "uri", "version", "chainId", "nonce", "issuedAt"];

/** Reads a message with one of the versions of siwe, which must write it again as it was. */
function siwe(SiweMessage) {
  return (text) => {
    const message = new SiweMessage(text);
    assert.equal(message.prepareMessage(), text);
    return message;
  };
}

function viem(text, { domain, address, nonce, issuedAt }) {
  const message = parseSiweMessage(text);
  assert.ok(validateSiweMessage({ message, domain, address, nonce }), "viem does not take the message for the domain, the address and the nonce");
  assert.equal(message.issuedAt.getTime(), Date.parse(issuedAt)); // the only field that it does not keep as it is
  return { ...message, issuedAt };
}

// What others choose, and some parsers refuse. EIP-4361 allows hosts that are IPv6 addresses.
const lowerCase = "an address in lower case";
const beyondASCII = "a statement beyond ASCII";
const ipv6 = "a domain that is an IPv6 address";
const simple = "the simple format";
const parsers = {
  "siwe 1.1.6": { read: siwe(Siwe1), refuses: [beyondASCII, simple] },
  "siwe 2.3.2": { read: siwe(Siwe2), refuses: [lowerCase, beyondASCII, simple] },
  "siwe 3.0.0": { read: siwe(Siwe3), refuses: [lowerCase, beyondASCII, simple] },
  "viem 2.57.20": { read: viem, refuses: [ipv6, simple] },
};

const { check, finish } = suite("siwe");

for (const [parser, { read, refuses }] of Object.entries(parsers)) {
  for (const kind of new Set(messages.map((message) => message.kind))) {
    const all = messages.filter((message) => message.kind === kind);
    if (refuses.includes(kind)) {
      await check(`${parser} refuses ${kind}`, () => all.forEach(({ text, fields }) => assert.throws(() => read(text, fields))));
      continue;
    }
    await check(`${parser} reads ${kind}: ${all.length} of ${all.length}`, () =>
      all.forEach(({ text, fields }) => {
        const { expirationTime, notBefore, requestId, resources, ...found } = read(text, fields);
        assert.deepEqual(Object.fromEntries(names.map((name) => [name, found[name]])), fields, text);
        assert.deepEqual([expirationTime, notBefore, requestId, resources ?? []], [undefined, undefined, undefined, []]);
      }),
    );
  }
}

finish();
