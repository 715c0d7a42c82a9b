// The dashboard of picket-mock, in Chromium: it says in one look why a login was refused, does what the control API does, and needs
// nothing from elsewhere. Prints how much it loads and how long that takes, and leaves screenshots for people to look at.
import assert from "node:assert/strict";
import { join } from "node:path";

import { baseURL, CONTRACT, secretKey, seedBalance } from "../mock.mjs";
import { ethereumWallet, simpleMessage, siweMessage } from "../node/wallets.mjs";
import { suite } from "../report.mjs";
import { launch } from "./chromium.mjs";
import { DARK, DESKTOP, look, luminances, measure, PHONE, screenshots, serve, startPrefixProxy, tabTo } from "./looking.mjs";

const dashboardURL = baseURL.replace("/api/v1", "/_mock/");
const browser = await launch(process.env.CHROMIUM);
const { check, finish } = suite("dashboard");

/** Calls the API or, with /_mock/ before the path, what controls the mock. */
async function call(method, path, body, key = secretKey) {
  const url = path.startsWith("/_mock/") ? new URL(path, baseURL) : baseURL + path;
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Basic ${btoa(`${key}:`)}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, ...(text && { body: JSON.parse(text) }) };
}

const context = () => ({ domain: "localhost:3000", uri: "http://localhost:3000", chainId: 1, chainType: "ethereum", issuedAt: new Date().toISOString() });
const nonceFor = async ({ chain, walletAddress }) => (await call("POST", "/auth/nonce", { chain, walletAddress })).body;

/** A login that is not sent yet. */
async function signedLogin(wallet, signer = wallet, signed = context()) {
  const signature = await signer.sign(siweMessage(await nonceFor(wallet), wallet, signed));
  return { chain: wallet.chain, walletAddress: wallet.walletAddress, signature, context: signed };
}

async function logIn(wallet, key) {
  const { status, body } = await call("POST", "/auth", await signedLogin(wallet), key);
  assert.equal(status, 200, body.msg);
  return body.accessToken;
}

async function refuse(method, path, body, key) {
  const { status } = await call(method, path, body, key);
  assert.ok(status >= 400, `the request was answered with ${status}`);
}

// Eight refusals: each is made, and then explained to somebody who only clicks. What they must read, and what must be marked.
const owner = ethereumWallet();
const refusals = {
  "wrong signer": {
    async make() {
      const other = ethereumWallet();
      await nonceFor(other); // the mock knows it by now
      await refuse("POST", "/auth", await signedLogin(owner, other));
      return [`${other.walletAddress} signed, and ${owner.walletAddress} was to sign`];
    },
    reason: "wrongSigner",
  },
  "wrong domain": {
    async make() {
      await call("POST", "/_mock/allowedDomains", { domain: "shop.example" });
      await refuse("POST", "/auth", await signedLogin(owner));
      return ["localhost:3000", "only shop.example is allowed"];
    },
    reason: "wrongDomain",
    marked: ["localhost:3000", "shop.example"],
  },
  "spent nonce": {
    async make() {
      const login = await signedLogin(owner);
      await call("POST", "/auth", login);
      await refuse("POST", "/auth", login);
      return ["was spent by a login before", "ask for a new nonce"];
    },
    reason: "nonceSpent",
    marked: ["(a new nonce)"],
  },
  "expired nonce": {
    async make() {
      const login = await signedLogin(owner);
      await call("POST", "/_mock/clock/advance", { seconds: 121 });
      await refuse("POST", "/auth", login);
      return ["nonces live 2m0s"];
    },
    reason: "nonceExpired",
    marked: ["(a new nonce)"],
  },
  "wrong chain": {
    async make() {
      const login = await signedLogin(owner, owner, { ...context(), chainId: 137 });
      await refuse("POST", "/auth", { ...login, context: { ...login.context, chainId: 1 } });
      return ["for the chain ID 137", "says 1"];
    },
    reason: "wrongChain",
    marked: ["37"],
  },
  "too few tokens": {
    async make() {
      await seedBalance({ chain: "ethereum", walletAddress: owner.walletAddress, contractAddress: CONTRACT, balance: "2.5" });
      await refuse("POST", "/authz", { accessToken: await logIn(owner), requirements: { contractAddress: CONTRACT, minTokenBalance: "3" } });
      return [`contractAddress ${CONTRACT}`, "The wallet holds 2.5, and the gate needs 3."];
    },
    reason: "tooFewTokens",
    marked: ["2.5", "3"],
  },
  "not on the list": {
    async make() {
      await refuse("POST", "/authz", { accessToken: await logIn(owner), requirements: { allowedWallets: [ethereumWallet().walletAddress] } });
      return ["The list of allowed wallets has 1, and this wallet is none of them."];
    },
    reason: "notListed",
  },
  "another project's token": {
    async make() {
      const { body: project } = await call("POST", "/_mock/projects");
      await refuse("POST", "/auth/validate", { accessToken: await logIn(owner) }, project.secretKey);
      return ["failed project: it is for the project 00000000-0000-4000-8000-000000000000", owner.walletAddress];
    },
    reason: "tokenOfAnotherProject",
    inLastProject: true,
  },
};

const resetAll = async () => {
  for (const project of (await call("GET", "/_mock/projects")).body.slice(1)) await call("DELETE", `/_mock/projects/${project.id}`);
  await call("PUT", "/_mock/state", { stateVersion: 1, allowedDomains: [] });
  await call("POST", "/_mock/reset");
};

for (const [name, { make, reason, marked = [], inLastProject }] of Object.entries(refusals)) {
  await check(`says why a login or a gate refused, by clicking alone: ${name}`, async () => {
    await resetAll();
    const wanted = await make();
    await onDashboard(DESKTOP, async (page, { said }) => {
      if (inLastProject) await page.getByLabel("Project").selectOption({ index: 1 });
      const refused = page.getByLabel("refused");
      await refused.check();
      await page.locator(".exchanges a:visible").first().click();
      const why = page.locator(".why");
      await why.waitFor();
      assert.equal(await why.locator(".reason").innerText(), reason);
      const text = (await why.innerText()).replace(/\s+/g, " ");
      for (const part of wanted) assert.ok(text.includes(part), `it says ${text}, and not ${part}`);
      const marks = await why.locator("mark").allInnerTexts();
      for (const part of marked) assert.ok(marks.some((mark) => mark.includes(part)), `${part} is not among the marked ${JSON.stringify(marks)}`);
      await page.screenshot({ path: join(screenshots, `dashboard-${name.replaceAll(/\W+/g, "-")}.png`) });
      assert.deepEqual(said, []);
    });
  });
}

await check("shows each exchange as it happens, and forgets them at a reset", async () => {
  await resetAll();
  await onDashboard(DESKTOP, async (page) => {
    await page.getByText("Nothing was asked yet").waitFor();
    await nonceFor(owner);
    await page.locator(".exchanges a", { hasText: "nonce" }).waitFor();
    await call("GET", "/chains/mars");
    await page.locator(".exchanges a", { hasText: "404" }).waitFor();
    assert.equal(await page.locator(".exchanges a").count(), 2);
    assert.match(await page.locator(".exchanges a").first().innerText(), /404/);
    await page.getByLabel("Show only").fill("nonce");
    assert.equal(await page.locator(".exchanges a:visible").count(), 1);
    await call("POST", "/_mock/reset", { parts: ["journal"] });
    await page.locator(".exchanges a").first().waitFor({ state: "detached" });
  });
});

await check("leads from a violation to the place in the contract", async () => {
  await resetAll();
  await refuse("POST", "/auth/nonce", { walletAdress: owner.walletAddress });
  await onDashboard(DESKTOP, async (page) => {
    await page.locator(".exchanges a").click();
    await page.getByText("did you mean").first().waitFor();
    await page.getByRole("link", { name: "See nonce in the contract" }).click();
    await page.locator('.opblock.is-open[id$="-nonce"]').waitFor();
  });
});

await check("copies a request as a command without the key, which works", async () => {
  await resetAll();
  await nonceFor(owner);
  await onDashboard({ ...DESKTOP, permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await page.locator(".exchanges a").click();
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.getByText("Copied.").waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!command.includes(secretKey) && command.includes("$PICKET_API_KEY"), command);
    const { execFileSync } = await import("node:child_process");
    const printed = execFileSync("sh", ["-c", command.replace("curl ", "curl --silent --fail-with-body ")], { env: { ...process.env, PICKET_API_KEY: secretKey } });
    assert.ok(JSON.parse(printed).nonce);
  });
});

await check("takes what the journal shows for text", async () => {
  await resetAll();
  const evil = "<img src=x onerror=violated('run')>";
  await refuse("POST", "/auth/nonce", { walletAddress: evil, chain: evil });
  await call("GET", `/chains/${encodeURIComponent(evil)}`);
  await onDashboard(DESKTOP, async (page, { said }) => {
    for (const link of await page.locator(".exchanges a").all()) await link.click();
    await page.locator("pre", { hasText: "onerror" }).first().waitFor();
    assert.equal(await page.locator("main img").count(), 0);
    assert.deepEqual(said, []);
  });
});

await check("shows what a forged token says, whatever that is, and what goes unseen", async () => {
  await resetAll();
  const encode = (text) => Buffer.from(text).toString("base64url");
  const forged = ["null", '{"exp":"soon"}', '{"exp":1e300}', '{"aud":"a","aud":"b"}', '{"name":"\u202egpj.exe"}'];
  for (const payload of forged) await refuse("POST", "/auth/validate", { accessToken: [encode('{"alg":"ES256"}'), encode(payload), "A".repeat(86)].join(".") });
  const nonce = await nonceFor(owner);
  await refuse("POST", "/auth", { ...owner, sign: undefined, signature: await owner.sign(simpleMessage(nonce, owner).replaceAll("\n", "\r\n")) });
  await onDashboard(DESKTOP, async (page, { said }) => {
    for (const [i, shown] of [/tokenForged/, /soon/, /1e\+300/, /tokenForged/, /\\u\{202e\}gpj\.exe/].entries()) {
      await page.locator(`.exchanges li[value="${i + 1}"] a`).click();
      await page.getByRole("heading", { name: `${i + 1}. validate` }).waitFor();
      assert.match(await page.locator(".why").innerText(), shown);
    }
    await page.locator(".exchanges a").first().click();
    await page.locator(".why mark", { hasText: "\\r" }).first().waitFor();
    assert.deepEqual(said, []);
  });
});

await check("changes the state: balances, names, redirect URIs and domains", async () => {
  await resetAll();
  await onDashboard(DESKTOP, async (page, { said }) => {
    await page.getByRole("link", { name: "State" }).click();
    await fill(page, "Set the balance", { Wallet: owner.walletAddress, Token: CONTRACT, Balance: "7" });
    await page.getByRole("cell", { name: "7", exact: true }).waitFor();
    assert.equal((await call("GET", "/_mock/balances")).body[0].balance, "7");
    await page.getByRole("button", { name: "Take away" }).click();
    await page.getByText("The balance is 0.").waitFor();
    await fill(page, "Set the name", { Wallet: owner.walletAddress, Name: "alice.eth" });
    await page.getByRole("cell", { name: "alice.eth" }).waitFor();
    await fill(page, "Allow", { "Redirect URI": "http://localhost:3000/back" });
    await page.getByRole("cell", { name: "http://localhost:3000/back" }).waitFor();
    await fill(page, "Set the balance", { Wallet: "nobody", Token: CONTRACT, Balance: "7" });
    await page.locator("#said.failed", { hasText: "not an address" }).waitFor();
    assert.deepEqual(said.filter((text) => !text.includes("400")), []); // browsers log each refusal
  });
});

await check("shows how long nonces live, and moves the clock", async () => {
  await resetAll();
  await nonceFor(owner);
  await onDashboard(DESKTOP, async (page) => {
    await page.getByRole("link", { name: "Clock" }).click();
    await page.getByRole("button", { name: "Stop it now" }).click();
    await page.getByText("and it has stopped").waitFor();
    await press(page, page.getByRole("button", { name: "Jump 1 minute" }));
    await page.getByRole("link", { name: "State" }).click();
    await page.getByRole("cell", { name: /^(0 min \d+|1 min 0) s$/ }).waitFor();
    await page.getByRole("link", { name: "Clock" }).click();
    await fill(page, "Jump", { "Jump by": "90" });
    await page.getByRole("link", { name: "State" }).click();
    await page.getByText("No nonce is waiting").waitFor();
    await page.getByRole("link", { name: "Clock" }).click();
    await press(page, page.getByRole("button", { name: "Let it run" }));
    await page.getByText("and it runs").waitFor();
    assert.equal((await call("GET", "/_mock/clock")).body.running, true);
  });
});

await check("sets faults and stubs, removes them, and asks for answers", async () => {
  await resetAll();
  await onDashboard(DESKTOP, async (page) => {
    await page.getByRole("link", { name: "Faults" }).click();
    const fault = page.locator("form", { has: page.getByRole("button", { name: "Set the fault" }) });
    await fault.locator("[name=operation]").selectOption("chains");
    await fault.locator("[name=kind]").selectOption("status");
    await fault.locator("[name=status]").fill("503");
    await fault.getByRole("button").click();
    await page.getByText("The fault is set.").waitFor();
    assert.equal((await call("GET", "/chains")).status, 503);
    await page.getByRole("button", { name: "Remove all faults" }).click();
    await page.getByText("There are no faults.").waitFor();
    assert.equal((await call("GET", "/chains")).status, 200);
    const stub = page.locator("form", { has: page.getByRole("button", { name: "Set the stub" }) });
    await stub.locator("[name=operation]").selectOption("chains");
    await stub.getByLabel("Body, as JSON").fill('{"data": []}');
    await stub.getByRole("button").click();
    await page.getByText("The stub is set.").waitFor();
    assert.deepEqual((await call("GET", "/chains")).body, { data: [] });
    await press(page, page.getByRole("button", { name: "Remove all stubs" }));
    const ask = page.locator("form", { has: page.getByRole("button", { name: "Ask" }) });
    await ask.locator("[name=operation]").selectOption("nonce");
    await ask.getByLabel("Status").fill("429");
    await ask.getByRole("button").click();
    await page.getByText("Prefer: code=429 is answered with 429").waitFor();
  });
});

await check("signs any text with a test wallet, with which a login succeeds", async () => {
  await resetAll();
  await onDashboard(DESKTOP, async (page) => {
    await page.getByRole("link", { name: "Wallets" }).click();
    const sign = page.locator("form", { has: page.getByRole("button", { name: "Sign" }) });
    const [walletAddress] = (await sign.getByLabel("Wallet").locator("option").first().innerText()).split(" ");
    const wallet = { chain: "ethereum", walletAddress };
    await sign.getByLabel("Text").fill(simpleMessage(await nonceFor(wallet), wallet));
    await sign.getByRole("button").click();
    const signature = await page.locator("pre", { hasText: /^0x[0-9a-f]{130}$/ }).innerText();
    assert.equal((await call("POST", "/auth", { ...wallet, signature })).status, 200);
  });
});

await check("exports the state, imports it, and keeps scenarios", async () => {
  await resetAll();
  await seedBalance({ chain: "ethereum", walletAddress: owner.walletAddress, contractAddress: CONTRACT, balance: "9" });
  await onDashboard(DESKTOP, async (page) => {
    await page.getByRole("link", { name: "Export" }).click();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const file = await (await downloading).path();
    await fill(page, "Save this state", { Name: "nine" });
    await page.getByRole("cell", { name: "nine" }).waitFor();
    await call("POST", "/_mock/reset");
    await page.getByLabel("Import").setInputFiles(file);
    await page.getByText("The project is as").waitFor();
    assert.equal((await call("GET", "/_mock/balances")).body[0].balance, "9");
    await call("POST", "/_mock/reset");
    await page.getByRole("button", { name: "Load" }).click();
    await page.getByText("nine is loaded.").waitFor();
    assert.equal((await call("GET", "/_mock/balances")).body[0].balance, "9");
    await page.getByLabel("Import").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{") });
    await page.locator("#said.failed", { hasText: "JSON" }).waitFor();
  });
});

await check("shows each project its own journal", async () => {
  await resetAll();
  const { body: project } = await call("POST", "/_mock/projects");
  await call("GET", "/chains", undefined, project.secretKey);
  await onDashboard(DESKTOP, async (page) => {
    await page.getByText("Nothing was asked yet").waitFor();
    await page.getByLabel("Project").selectOption(project.id);
    await page.locator(".exchanges a", { hasText: "chains" }).waitFor();
  });
});

await check("can be used with the keyboard", async () => {
  await resetAll();
  await refuse("POST", "/auth/nonce", { walletAdress: owner.walletAddress });
  await onDashboard(DESKTOP, async (page) => {
    await tabTo(page, page.getByRole("link", { name: "Clock" }));
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("button", { name: "Stop it now" }));
    await page.keyboard.press("Space");
    await page.getByText("and it has stopped").waitFor();
    await tabTo(page, page.getByRole("link", { name: "Journal" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.locator(".exchanges a").waitFor();
    await tabTo(page, page.locator(".exchanges a"));
    await page.keyboard.press("Enter");
    await page.locator(".why").waitFor();
  });
});

await check("fits a phone", async () => {
  await resetAll();
  await refusals["spent nonce"].make();
  await seedBalance({ chain: "ethereum", walletAddress: owner.walletAddress, contractAddress: CONTRACT, balance: "9" });
  await onDashboard(PHONE, async (page) => {
    for (const view of ["journal", "state", "clock", "faults", "wallets", "scenarios"]) {
      await page.locator(`nav a[href="#${view}"]`).click();
      await page.locator(view === "journal" ? ".exchanges a" : "h2").first().waitFor();
      if (view === "journal") {
        await page.locator(".exchanges a").first().click();
        await page.locator(".why").waitFor();
      }
      assert.deepEqual(await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]), [390, 390], view);
      await page.screenshot({ path: join(screenshots, `dashboard-phone-${view}.png`), fullPage: true });
    }
  });
});

await check("can be read in light and in dark", async () => {
  for (const [name, options, isReadable] of [["light", DESKTOP, (text, page) => page > 0.85 && text < 0.25], ["dark", DARK, (text, page) => page < 0.1 && text > 0.25]]) {
    await onDashboard(options, async (page) => {
      await page.locator(".exchanges a").first().click();
      for (const selector of ["h1", ".exchanges strong", ".status", ".reason", "pre", "button", ".when", "figcaption"]) {
        const [text, behind] = await luminances(page.locator(selector));
        assert.ok(isReadable(text, behind), `${selector} in ${name}: ${text} on ${behind}`);
      }
      await page.screenshot({ path: join(screenshots, `dashboard-${name}.png`) });
    });
  }
});

await check("works below another path, and asks nobody but the mock", async () => {
  const proxy = await startPrefixProxy("/tools/picket", baseURL);
  await onDashboard(DESKTOP, async (page, { asked, said }) => {
    await page.locator(".exchanges a").first().click();
    await page.locator(".why").waitFor();
    await page.getByRole("link", { name: "State" }).click();
    await page.getByRole("heading", { name: "Balances" }).waitFor();
    assert.ok(asked.length > 10);
    assert.deepEqual(asked.filter((url) => !url.startsWith(`${proxy}/`) && !url.startsWith("data:")), []);
    assert.deepEqual(said, []);
  }, `${proxy}/_mock/`);
});

await check("is neither shown in a page of another origin, nor read or run by it", async () => {
  const site = await serve((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><iframe src="${dashboardURL}"></iframe><script type="module" src="${dashboardURL}dashboard/main.js"></script>`));
  await look(browser, site, {}, async (page) => {
    assert.equal(await page.frames()[1].locator("nav").count(), 0);
    assert.equal(await page.evaluate((url) => fetch(url).then((response) => response.status, () => "refused"), dashboardURL), "refused");
  });
});

const { weight, paint } = await onDashboard(DESKTOP, measure);
await check(`weighs ${weight} KiB, and paints after ${paint} ms`, async () => {
  assert.ok(weight > 5 && weight < 100, "more than 100 KiB");
  assert.ok(paint > 0 && paint < 5_000, "later than 5 s");
});

await browser.close();
finish();

/** Runs use(page, {asked, said}) on the dashboard. */
function onDashboard(options, use, url = dashboardURL) {
  return look(browser, url, options, async (page, seen) => {
    await page.locator("#now:not(:empty)").waitFor();
    return use(page, seen);
  });
}

/** Fills in a form, which its button names, and sends it. */
async function fill(page, submit, fields) {
  const form = page.locator("form", { has: page.getByRole("button", { name: submit, exact: true }) }).filter({ has: page.getByLabel(Object.keys(fields)[0], { exact: true }) });
  for (const [label, value] of Object.entries(fields)) await form.getByLabel(label, { exact: true }).fill(value);
  await press(page, form.getByRole("button", { name: submit, exact: true }));
}

/** Presses a button, and waits until what it changes is changed. */
async function press(page, button) {
  const changed = page.waitForResponse((response) => response.request().method() !== "GET");
  await button.click();
  await changed;
}
