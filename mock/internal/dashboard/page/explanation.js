// Why a request was refused: what the mock compared.
import { pairs, parts } from "./diff.js";
import { h, table } from "./dom.js";

export function explanation({ reason, summary, signature, gate, token }) {
  return h("section", { class: "why" },
    h("h3", null, "Why it was refused"),
    h("p", null, h("strong", { class: "reason" }, reason), " ", summary),
    signature && signatures(signature),
    gate && sum(gate),
    token && checks(token));
}

/** The message that was signed beside the one that was expected. */
function signatures({ walletAddress, signer, expected, signed }) {
  const who = [`To be signed by ${walletAddress}.`, signer && signer !== walletAddress && signed && `Signed by ${signer}.`];
  return [h("p", null, who.filter(Boolean).join(" ")), expected && messages(signed, expected)];
}

function messages(signed, expected) {
  if (!signed) return h("figure", null, h("figcaption", null, "Expected message. What was signed could not be found out."), h("pre", { tabindex: "0" }, expected.split("\n").map(visible).join("\n")));
  const lines = pairs(signed, expected);
  const column = (title, side) => h("figure", null,
    h("figcaption", null, title),
    h("pre", { tabindex: "0" }, lines.map((pair) => line(pair[side], pair[1 - side]))));
  const same = signed === expected;
  return [same && h("p", null, "The right message was signed."), h("div", { class: "beside" }, column("Signed", 0), column("Expected", 1))];
}

/** A line, with the part that differs from the other marked. */
function line(text, other) {
  if (text === null) return h("span", { class: "line missing" }, "\n");
  if (text === other) return h("span", { class: "line" }, `${visible(text)}\n`);
  const [before, different, after] = parts(text, other ?? "");
  return h("span", { class: "line differs" }, visible(before), h("mark", null, visible(different)), `${visible(after)}\n`);
}

/** How a gate added up what the wallet holds. */
function sum({ chain, walletAddress, steps, moreSteps, total, minimum, allowedWallets }) {
  const rows = steps.map(({ kind, token, balance, source, sum }) => [`${kind} ${token}`, balance, source === "accessToken" ? "the access token" : "the mock's state", sum]);
  const needed = minimum === "" || minimum === "0" ? "more than 0" : minimum;
  return [
    h("p", null, `The wallet ${walletAddress} on ${chain}.`),
    allowedWallets !== undefined && h("p", null, `The list of allowed wallets has ${allowedWallets}, and this wallet is none of them.`),
    steps.length > 0 && table("The sum, step by step", ["Token", "Balance", "From", "Sum"], rows),
    moreSteps > 0 && h("p", null, `And ${moreSteps} tokens more.`),
    steps.length > 0 && h("p", { class: "total" }, "The wallet holds ", h("mark", null, total), ", and the gate needs ", h("mark", null, needed), "."),
  ];
}

/** The checks of an access token, and its claims. */
function checks({ checks, claims }) {
  const failed = checks.find(({ passed }) => !passed)?.check;
  const claimOf = { project: "aud", expiry: "exp" };
  return [
    h("ol", { class: "checks" }, checks.map(({ check, passed, found }) => h("li", null, h("span", { class: passed ? "passed" : "refused" }, passed ? "passed" : "failed"), ` ${check}: ${found}`))),
    claims && h("dl", { class: "claims" }, Object.entries(claims).map(([name, value]) => {
      const shown = visible(typeof value === "string" ? value : JSON.stringify(value)) + (["iat", "exp"].includes(name) ? time(value) : "");
      return h("div", null, h("dt", null, visible(name)), h("dd", null, name === claimOf[failed] ? h("mark", null, shown) : shown));
    })),
  ];
}

/** The time of a claim, if it is one. A forged token may say anything. */
function time(seconds) {
  const date = new Date(typeof seconds === "number" ? seconds * 1000 : NaN);
  return Number.isNaN(date.getTime()) ? "" : ` (${date.toISOString()})`;
}

/** A text with escapes for the characters that go unseen, such as those of a line break of Windows, or that turn others round. */
function visible(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
    character === "\r" ? "\\r" : `\\u{${character.codePointAt(0).toString(16)}}`);
}
