// What make shop starts, in Chromium without an extension: by clicks and keys alone, each test wallet logs in, passes doors, is refused,
// gets tokens, and logs out. Wallets that are installed are offered, too. Leaves screenshots for people to look at.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";

import { MINT } from "../mock.mjs";
import { ethereumWallet, solanaWallet } from "../node/wallets.mjs";
import { suite } from "../report.mjs";
import { injectWallet, launch } from "./chromium.mjs";
import { DARK, DESKTOP, look, luminances, PHONE, screenshots, serve, tabTo } from "./looking.mjs";

const root = join(import.meta.dirname, "../../..");
const NAMES = { ethereum: "Ethereum", solana: "Solana" };
const MEMBERS = "Members’ page";
const club = (chain) => `${NAMES[chain]} club`;

const { check, finish } = suite("shop");
const { shop, origin } = await startShop();
const browser = await launch(process.env.CHROMIUM);

await check("shows strangers what a wallet is, and lets them through no door", () =>
  onShop(DESKTOP, async (page) => {
    assert.match(await page.locator("#stranger").innerText(), /A wallet is an app that keeps a secret key/);
    for (const door of [MEMBERS, club("ethereum"), club("solana")]) assert.match(await tryDoor(page, door), /Log in first/);
  }));

for (const [name, chain, other] of [
  ["Ethereum test wallet 1", "ethereum", "solana"],
  ["Ethereum test wallet 2", "ethereum", "solana"],
  ["Solana test wallet", "solana", "ethereum"],
]) {
  await onShop(DESKTOP, async (page, { said }) => {
    let address;
    await check(`${name}: shows the message, which names the site, and logs in`, async () => {
      await page.getByRole("button", { name, exact: true }).click();
      const message = await page.getByRole("dialog", { name }).locator("pre").innerText();
      address = message.split("\n")[1];
      assert.match(message, new RegExp(`^${new URL(origin).host} wants you to sign in with your ${NAMES[chain]} account:\n`));
      await page.getByRole("button", { name: "Sign" }).click();
      await page.getByRole("heading", { name: "You are logged in" }).waitFor();
      assert.equal(await page.locator("#address").innerText(), address);
    });
    await check(`${name}: is a member`, async () => assert.match(await tryDoor(page, MEMBERS), /Welcome/));
    await check(`${name}: is refused by its club without tokens, which says how many are missing`, async () =>
      assert.match(await tryDoor(page, club(chain)), /^You hold 0 of the 3 tokens/));
    await check(`${name}: enters its club after a click that gives it three tokens`, async () => {
      await page.getByRole("button", { name: "Give this wallet three tokens" }).click();
      await door(page, club(chain)).getByText("Welcome").waitFor();
    });
    await check(`${name}: is refused by the club of the other chain, which says why`, async () =>
      assert.match(await tryDoor(page, club(other)), new RegExp(`This club is for wallets on ${NAMES[other]}, and yours is on ${NAMES[chain]}`)));
    await check(`${name}: is known after a reload, by a cookie that no script sees`, async () => {
      await page.reload();
      await page.getByRole("heading", { name: "You are logged in" }).waitFor();
      assert.equal(await page.locator("#address").innerText(), address);
      assert.equal(await page.evaluate(() => document.cookie), "");
      assert.match(await tryDoor(page, club(chain)), /Welcome/);
    });
    await check(`${name}: logs out, and is a stranger again`, async () => {
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByText("You are logged out.").waitFor();
      assert.deepEqual(await page.context().cookies(), []);
      assert.match(await tryDoor(page, MEMBERS), /Log in first/);
    });
    await check(`${name}: the browser has nothing to complain of`, async () => assert.deepEqual(said(), []));
  });
}

await check("says that nobody is logged in when the user refuses to sign, with the button or the Esc key", () =>
  onShop(DESKTOP, async (page) => {
    for (const refuse of [() => page.getByRole("button", { name: "Refuse" }).click(), () => page.keyboard.press("Escape")]) {
      await page.getByRole("button", { name: "Solana test wallet" }).click();
      await page.getByRole("dialog").waitFor();
      await refuse();
      await page.getByText("You did not sign, so you are not logged in.").waitFor();
      assert.match(await tryDoor(page, MEMBERS), /Log in first/);
    }
  }));

await check("notices who logged in in another tab", () =>
  onShop(DESKTOP, async (page) => {
    const other = await page.context().newPage();
    await other.goto(origin);
    await logIn(other, "Ethereum test wallet 1");
    assert.match(await tryDoor(page, club("solana")), /yours is on Ethereum/);
    assert.equal(await page.locator("#address").innerText(), await other.locator("#address").innerText());
  }));

await check("says that a refusal is remembered when the wallet holds enough meanwhile", () =>
  onShop(DESKTOP, async (page) => {
    await logIn(page, "Solana test wallet");
    await setSolanaBalance(page, "2.9");
    assert.match(await tryDoor(page, club("solana")), /^You hold 2.9 of the 3 tokens/);
    await setSolanaBalance(page, "3");
    assert.match(await tryDoor(page, club("solana")), /^You hold enough tokens, but the server remembers its refusal/);
  }));

await check("can be used with the keyboard alone", () =>
  onShop(DESKTOP, async (page) => {
    await tabTo(page, page.getByRole("button", { name: "Ethereum test wallet 2" }));
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, page.getByRole("button", { name: "Sign" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "You are logged in" }).waitFor();
    await tabTo(page, door(page, MEMBERS).getByRole("button"));
    await page.keyboard.press("Space");
    await door(page, MEMBERS).getByText("Welcome").waitFor();
    await tabTo(page, page.getByRole("button", { name: "Log out" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("You are logged out.").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "login");
  }));

await check("fits a phone: as a stranger, while signing, as a member, and when refused", () =>
  onShop(PHONE, async (page) => {
    const fits = async (state) => assert.deepEqual(await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]), [390, 390], state);
    await fits("stranger");
    await page.getByRole("button", { name: "Ethereum test wallet 1" }).tap();
    await page.getByRole("dialog").waitFor();
    await fits("signing");
    await page.getByRole("button", { name: "Sign" }).tap();
    await tryDoor(page, MEMBERS);
    await tryDoor(page, club("solana"));
    await page.locator("summary").tap();
    await fits("member");
  }));

await check("can be read in light and in dark", async () => {
  for (const options of [DESKTOP, DARK]) {
    await onShop(options, async (page) => {
      const contrasts = async (...selectors) => {
        for (const selector of selectors) {
          const [text, behind] = await luminances(page.locator(selector));
          const contrast = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
          assert.ok(contrast >= 4.5, `${selector}: a contrast of ${contrast}`);
        }
      };
      const [, behind] = await luminances(page.locator("#login"));
      assert.ok(options === DARK ? behind < 0.05 : behind > 0.9);
      await tryDoor(page, MEMBERS);
      await contrasts("h1", "#stranger p", ".quiet", "button.wallet span", "article button", "[data-outcome=refused] p", "summary");
      await logIn(page, "Ethereum test wallet 1");
      await tryDoor(page, MEMBERS);
      await contrasts("#address", "[data-outcome=open] p");
    });
  }
});

await check("asks nobody but the shop", () =>
  onShop(DESKTOP, async (page, { asked }) => {
    await logIn(page, "Solana test wallet");
    await tryDoor(page, club("ethereum"));
    assert.ok(asked.length > 8);
    assert.deepEqual(asked.filter((url) => new URL(url).origin !== origin && !url.startsWith("data:")), []);
  }));

await check("announces the test wallets so that mipd (EIP-6963) and @wallet-standard/app find them", async () => {
  const seen = await bundle('import { createStore } from "mipd"; import { getWallets } from "@wallet-standard/app"; window.store = createStore(); window.standard = getWallets();');
  await onShop(DESKTOP, async (page) => {
    const announced = await page.evaluate(() => window.store.getProviders().map(({ info }) => info));
    assert.deepEqual(announced.map(({ name }) => name), ["Ethereum test wallet 1", "Ethereum test wallet 2"]);
    for (const property of ["uuid", "rdns"]) assert.equal(new Set(announced.map((info) => info[property])).size, 2, property);
    for (const { icon } of announced) assert.match(icon, /^data:image\/svg\+xml;base64,/);
    const [wallet, ...others] = await page.evaluate(() => window.standard.get().map(({ name, version, chains, features, accounts }) =>
      ({ name, version, chains, features: Object.keys(features), accounts: accounts.map(({ address, publicKey }) => ({ address, key: publicKey.length })) })));
    assert.deepEqual(others, []);
    assert.match(wallet.accounts[0].address, /^[1-9A-HJ-NP-Za-km-z]{32,44}$/);
    assert.deepEqual({ ...wallet, accounts: wallet.accounts.map(({ key }) => key) }, {
      name: "Solana test wallet", version: "1.0.0", chains: ["solana:mainnet"], features: ["standard:connect", "standard:events", "solana:signMessage"], accounts: [32],
    });
  }, async (context) => {
    await context.addInitScript(seen);
  });
});

for (const [what, name, wallet, announce] of [
  ["at window.ethereum", "Ethereum wallet of this browser", ethereumWallet()],
  ["that announces itself (EIP-6963)", "An announced wallet", ethereumWallet(), () => {
    const detail = { info: { uuid: "350670db-19fa-4704-a166-e52e178b59d2", name: "An announced wallet", icon: "https://wallet.example/icon.png", rdns: "example.wallet" }, provider: window.ethereum };
    addEventListener("eip6963:requestProvider", () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail })));
  }],
  ["that registers (wallet standard)", "A registered wallet", solanaWallet(), () => {
    const { solana } = window;
    const wallet = {
      version: "1.0.0", name: "A registered wallet", icon: "data:image/gif;base64,R0lGODlhAQABAAAAACw=", chains: ["solana:mainnet", "solana:devnet"], accounts: [],
      features: {
        "standard:connect": { version: "1.0.0", connect: async () => ({ accounts: [{ address: (await solana.connect()).publicKey.toString(), chains: ["solana:mainnet"], features: ["solana:signMessage"] }] }) },
        "solana:signMessage": { version: "1.1.0", signMessage: async ({ message }) => [{ signedMessage: message, signature: (await solana.signMessage(message)).signature }] },
      },
    };
    addEventListener("wallet-standard:app-ready", ({ detail }) => detail.register(wallet));
  }],
]) {
  await check(`offers a wallet ${what} once, besides the test wallets, and logs it in`, () =>
    onShop(DESKTOP, async (page, { said }) => {
      await page.getByRole("button", { name: "Solana test wallet" }).waitFor();
      const offered = await page.locator("button.wallet").allInnerTexts();
      assert.deepEqual(offered.sort(), ["Ethereum test wallet 1", "Ethereum test wallet 2", "Solana test wallet", name].sort());
      await page.getByRole("button", { name }).click();
      await page.getByRole("heading", { name: "You are logged in" }).waitFor();
      assert.equal(await page.locator("#address").innerText(), wallet.walletAddress);
      assert.match(await tryDoor(page, club(wallet.chain)), /^You hold 0 of the 3 tokens/);
      await page.getByRole("button", { name: "Give this wallet three tokens" }).click();
      await door(page, club(wallet.chain)).getByText("Welcome").waitFor();
      assert.deepEqual(said(), []);
    }, async (context) => {
      await injectWallet(context, wallet);
      if (announce) await context.addInitScript(announce);
    }));
}

await check("keeps a page of another origin from the test wallets and their script", async () => {
  const evil = await serve((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Evil</title>"));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(evil);
    const outcomes = await page.evaluate((origin) => {
      const body = JSON.stringify({ chain: "ethereum", address: "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A", message: "Hello" });
      return Promise.all([
        ["wallets.js", { mode: "no-cors" }], // as a script element asks for it
        ["wallets", {}],
        ["balances", {}],
        ["sign", { method: "POST", headers: { "Content-Type": "application/json" }, body }],
        ["sign", { method: "POST", mode: "no-cors", body }],
      ].map(([path, options]) => fetch(`${origin}/test-wallets/${path}`, options).then(() => "answered", () => "kept from it")));
    }, origin);
    assert.deepEqual(new Set(outcomes), new Set(["kept from it"]));
  } finally {
    await context.close();
  }
});

for (const [name, options, prepare] of [
  ["light", DESKTOP],
  ["dark", DARK],
  ["phone", PHONE],
  ["signing", PHONE, (page) => page.getByRole("button", { name: "Ethereum test wallet 1" }).click()],
  ["member", DESKTOP, async (page) => {
    await logIn(page, "Ethereum test wallet 1");
    for (const name of [MEMBERS, club("ethereum"), club("solana")]) await tryDoor(page, name);
  }],
  ["refused", PHONE, async (page) => {
    await logIn(page, "Solana test wallet");
    await setSolanaBalance(page, "1.5");
    assert.match(await tryDoor(page, club("solana")), /^You hold 1.5 of the 3 tokens/);
    await tryDoor(page, club("ethereum"));
  }],
]) {
  await check(`is in screenshots/shop-${name}.png`, () =>
    onShop(options, async (page) => {
      await prepare?.(page);
      await page.screenshot({ path: join(screenshots, `shop-${name}.png`), fullPage: name !== "signing" });
    }));
}

await browser.close();
await check("ends with status 0 when it is interrupted, and stops everything", async () => {
  const ended = once(shop, "exit");
  shop.kill("SIGINT");
  assert.deepEqual(await ended, [0, null]);
  await assert.rejects(fetch(origin));
});
finish();

/** Builds and starts what make shop does. */
async function startShop() {
  const folder = mkdtempSync(join(tmpdir(), "picket-shop-check-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "picket-shop");
  execFileSync("go", ["build", "-o", program, "./mock/cmd/picket-shop"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const shop = spawn(program, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  process.on("exit", () => shop.kill("SIGINT"));
  const origin = await new Promise((resolve, reject) => {
    let text = "";
    shop.stdout.on("data", (data) => {
      const [, found] = (text += data).match(/open (http:\S+)\n/) ?? [];
      if (found) resolve(found);
    });
    shop.on("exit", (status) => reject(new Error(`picket-shop ended with status ${status}`)));
  });
  return { shop, origin };
}

/** Runs use(page, {asked, said}) on the shop, once the test wallets are there. That the server refuses something is not in said. */
function onShop(options, use, prepare) {
  return look(browser, `${origin}/`, options, async (page, { asked, said }) => {
    await page.getByRole("button", { name: "Solana test wallet" }).waitFor();
    return use(page, { asked, said: () => said.filter((text) => !/the server responded with a status of 40[13]/.test(text)) });
  }, prepare);
}

async function logIn(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("button", { name: "Sign" }).click();
  await page.getByRole("heading", { name: "You are logged in" }).waitFor();
}

/** Sets how many tokens of the Solana club the wallet holds that is logged in. */
async function setSolanaBalance(page, balance) {
  const status = await page.evaluate(async ([tokenId, balance]) => (await fetch("/test-wallets/balances", {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ chain: "solana", walletAddress: document.querySelector("#address").textContent, tokenId, balance }),
  })).status, [MINT, balance]);
  assert.equal(status, 204);
}

function door(page, name) {
  return page.locator("article").filter({ has: page.getByRole("heading", { name, exact: true }) });
}

/** Clicks the button of a door, and returns what the page then says there. */
async function tryDoor(page, name) {
  const answer = door(page, name).getByRole("status");
  await answer.evaluate((element) => element.replaceChildren());
  await door(page, name).getByRole("button").first().click();
  await answer.locator("p").waitFor();
  return answer.locator("p").innerText();
}

/** Bundles a script that imports packages. */
async function bundle(contents) {
  const result = await build({ stdin: { contents, resolveDir: import.meta.dirname }, bundle: true, write: false, platform: "browser", logLevel: "error" });
  return result.outputFiles[0].text;
}
