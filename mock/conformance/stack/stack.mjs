// What a user with a browser meets at the front end, and what the programs behind it do meanwhile. check has started them all.
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

import { launch, onPage } from "../browser/chromium.mjs";
import { baseURL, CONTRACT, control, seedBalance, secretKey } from "../mock.mjs";
import { ethereumWallet, simpleMessage } from "../node/wallets.mjs";
import { suite } from "../report.mjs";

const { SHOP, MOCK, CHROMIUM, CERTIFICATE, BACKEND_URL } = process.env;
const names = "--host-resolver-rules=MAP mock.example.test 127.0.0.1 , MAP shop.example.test 127.0.0.1 , MAP * ~NOTFOUND";
const key = new X509Certificate(readFileSync(CERTIFICATE)).publicKey.export({ type: "spki", format: "der" });
const trust = `--ignore-certificate-errors-spki-list=${createHash("sha256").update(key).digest("base64")}`;
const { check, finish } = suite("stack");

const wallets = await ask("GET", "/wallets");
const [holder, stranger] = wallets.filter(({ chain }) => chain === "ethereum").map(({ address }) => address);
await seedBalance({ chain: "ethereum", walletAddress: holder, contractAddress: CONTRACT, balance: "3" });

await check("TLS: a browser that does not trust the certificate sees nothing", async () => {
  const browser = await launch(CHROMIUM, names);
  await assert.rejects(onPage(browser, SHOP, () => {}), /ERR_CERT_AUTHORITY_INVALID/);
  await browser.close();
});

const browser = await launch(CHROMIUM, names, trust);
await onPage(browser, SHOP, async (page) => {
  const visited = new Set();
  page.on("request", (request) => visited.add(new URL(request.url()).origin));
  await check("a stranger is not let into the club", async () => {
    assert.equal(await press(page, "Enter the club"), "That did not work: 401 authentication required: log in, or send an access token as Bearer authorization");
  });
  await check("login: at the mock, by its public name, and back", async () => {
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL(`${MOCK}/api/v1/oauth2/authorize?**`);
    assert.equal(await decide(page, holder, "Approve"), `You are ${holder}.`);
    assert.equal(page.url(), `${SHOP}/`);
  });
  await check("login: the back end verified the access token, and did not ask the mock", async () => {
    assert.equal(await count("validate"), 0);
    assert.notEqual(await count("jwks"), 0);
  });
  await check("gate: a holder of three tokens enters the club, because the mock knows of them", async () => {
    assert.equal(await press(page, "Enter the club"), `Welcome to the club, ${holder}.`);
    assert.equal(await count("validate"), 1);
  });
  await check("names: the browser was only at the public ones", async () => {
    assert.deepEqual([...visited].sort(), [MOCK, SHOP]);
  });
  await check("cookies: no script sees them, and none goes over http", async () => {
    const cookies = await page.context().cookies();
    assert.deepEqual(cookies.map(({ domain, httpOnly, secure }) => ({ domain, httpOnly, secure })).sort((a, b) => (a.domain < b.domain ? -1 : 1)), [
      { domain: "mock.example.test", httpOnly: true, secure: true },
      { domain: "shop.example.test", httpOnly: true, secure: true },
    ]);
  });
  await check("logout: at the mock, too, and back", async () => {
    assert.equal(await press(page, "Log out"), "You are not logged in.");
    assert.equal(page.url(), `${SHOP}/`);
    assert.deepEqual((await page.context().cookies()).map(({ domain }) => domain), ["shop.example.test"]);
    assert.match(await press(page, "Enter the club"), /: 401 /);
  });
  await check("login: the next one asks again", async () => {
    await page.getByRole("button", { name: "Log in" }).click();
    assert.equal(await decide(page, stranger, "Approve"), `You are ${stranger}.`);
  });
  await check("gate: a wallet without tokens is refused, and told so", async () => {
    assert.equal(await press(page, "Enter the club"), "That did not work: 403 the wallet does not meet the requirements");
  });
});
await onPage(browser, SHOP, async (page) => {
  await check("refusal: a user who denies the login is told so, and is nobody", async () => {
    await page.getByRole("button", { name: "Log in" }).click();
    assert.equal(await decide(page, holder, "Deny"), "That did not work: the user denied the login");
    await page.goto(SHOP);
    assert.equal(await page.getByRole("status").innerText(), "You are not logged in.");
  });
  await check("refusal: a callback of a login that did not begin here", async () => {
    await page.goto(`${SHOP}/callback?code=00000000`);
    assert.equal(await page.getByRole("status").innerText(), "That did not work: this login did not begin here");
  });
});
await browser.close();

await check("refusal: the back end knows tokens that are forged or another project's", async () => {
  const token = await logIn(secretKey);
  const [header, claims, signature] = token.split(".");
  const forged = [header, claims, signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))].join(".");
  const { secretKey: otherKey } = await ask("POST", "/projects");
  assert.deepEqual(await Promise.all([token, forged, await logIn(otherKey)].map(statusFor)), [200, 401, 401]);
});
finish();

/** Logs a wallet in to a project, and returns its access token. */
async function logIn(key) {
  const wallet = ethereumWallet();
  const call = async (path, body) => {
    const headers = { Authorization: `Basic ${btoa(`${key}:`)}`, "Content-Type": "application/json" };
    const response = await fetch(`${baseURL}/${path}`, { method: "POST", headers, body: JSON.stringify({ walletAddress: wallet.walletAddress, ...body }) });
    assert.ok(response.ok, await response.clone().text());
    return response.json();
  };
  const nonce = await call("auth/nonce", {});
  return (await call("auth", { signature: await wallet.sign(simpleMessage(nonce, wallet)) })).accessToken;
}

/** The status with which the back end answers a token. */
async function statusFor(token) {
  return (await fetch(`${BACKEND_URL}/me`, { headers: { Authorization: `Bearer ${token}` } })).status;
}

/** Presses a button, and returns what the page of the front end then says. */
async function press(page, button) {
  const loaded = page.waitForEvent("load"); // after all redirects
  await page.getByRole("button", { name: button }).click();
  await loaded;
  return page.getByRole("status").innerText();
}

/** Decides at the login page of the mock, and returns what the page of the front end then says. */
async function decide(page, wallet, decision) {
  await page.getByRole("radio", { name: wallet }).check();
  return press(page, decision);
}

/** What the mock answers to a request to its control API. */
async function ask(method, path) {
  return (await control(method, path)).json();
}

/** How often an operation of the API was asked for. */
async function count(operation) {
  return (await ask("GET", `/journal/count?operation=${operation}`)).count;
}
