// What a person with a browser does at the login page of the mock.
import assert from "node:assert/strict";

import { baseURL } from "../mock.mjs";

/** The redirect URI that the mock allows. Nothing listens there. */
export const redirectURI = `http://localhost:${process.env.PICKET_PAGE_PORT}/callback`;

/** The address of a wallet on Ethereum that the login page offers. */
export async function testWallet() {
  const response = await fetch(new URL("/_mock/wallets", baseURL));
  const { address } = (await response.json()).find(({ chain }) => chain === "ethereum");
  return address;
}

/** The value of an attribute, as html/template of Go writes it. */
const unescaped = (text) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replaceAll("&amp;", "&");

/** A browser with cookies of its own, which is enough for one site. */
export function newBrowser() {
  let cookies = "";
  async function open(url, options = {}) {
    const headers = { ...options.headers, ...(cookies && { Cookie: cookies }) };
    const response = await fetch(url, { ...options, headers, redirect: "manual" });
    const set = response.headers.getSetCookie().map((line) => line.split(";")[0]);
    if (set.length > 0) cookies = set.join("; ");
    return response;
  }
  /** Where a response sends the browser. */
  async function redirected(response) {
    assert.equal(response.status, 302, await response.text());
    return new URL(response.headers.get("Location"));
  }
  return {
    /** Opens a URL that is answered without a page, and returns where it leads. */
    follow: async (url) => redirected(await open(url)),
    /** Opens the login page at a URL, approves with a wallet or denies, and returns where that leads. */
    async decide(url, decision, wallet) {
      const page = await open(url);
      assert.equal(page.status, 200, await page.clone().text());
      const action = unescaped(/<form method="post" action="([^"]*)">/.exec(await page.text())[1]);
      return redirected(await open(new URL(action, url), { method: "POST", body: new URLSearchParams({ decision, wallet }) }));
    },
  };
}
