// The server that the README begins with, as printed, in Chromium with wallets that sign: its page, its logins, its gates and its
// log-out. It runs as the README's lines of shell say, against picket-mock as it is by default; only the addresses of the two are
// others, so that nothing has to be free.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CONTRACT, MINT } from "../mock.mjs";
import { ethereumWallet, solanaWallet } from "../node/wallets.mjs";
import { suite } from "../report.mjs";
import { launch, onPage } from "./chromium.mjs";

const root = join(import.meta.dirname, "../../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const block = (language, start) => readme.split("```" + language + "\n").slice(1).map((text) => text.split("```")[0]).find((text) => text.startsWith(start));

const folder = mkdtempSync(join(tmpdir(), "picket-readme-"));
const children = [];
process.on("exit", () => {
  children.forEach((child) => child.kill());
  rmSync(folder, { recursive: true, force: true });
});

const { check, finish } = suite("README");

const mockURL = await startMock();
const { origin, text: program } = await startServer();
const browser = await launch(process.env.CHROMIUM);

await check("the program has the gates that these checks are about", async () => {
  assert.ok(program.includes(CONTRACT) && program.includes(MINT));
});

for (const [wallet, holding, other] of [
  [ethereumWallet(), { contractAddress: CONTRACT }, "solana"],
  [solanaWallet(), { tokenId: MINT }, "ethereum"],
]) {
  const { chain, walletAddress } = wallet;
  await onPage(browser, `${origin}/`, async (page) => {
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await check(`${chain}: a stranger is nobody, and passes no gate`, async () => {
      assert.match(await click(page, "/me"), /^401 /);
      assert.match(await click(page, "/club/" + chain), /^401 /);
    });
    await check(`${chain}: the wallet signs a message that names the site, and logs in`, async () => {
      assert.deepEqual(JSON.parse(await click(page, chain)), { chain, walletAddress, displayAddress: walletAddress });
      const [message] = wallet.signed;
      assert.match(message, new RegExp(`^${new URL(origin).host} wants you to sign in with your ${chain === "solana" ? "Solana" : "Ethereum"} account:\n${walletAddress}\n`));
      assert.ok(message.includes(`\nURI: ${origin}\n`));
      assert.equal(wallet.signed.length, 1);
    });
    await check(`${chain}: the session is one cookie, which no script of the page sees`, async () => {
      const cookies = await page.context().cookies();
      assert.deepEqual(cookies.map(({ name, httpOnly, sameSite, path }) => ({ name, httpOnly, sameSite, path })), [{ name: "session", httpOnly: true, sameSite: "Lax", path: "/" }]);
      assert.equal(await page.evaluate(() => document.cookie), "");
    });
    await check(`${chain}: the user is known, also after a reload`, async () => {
      await page.reload();
      assert.deepEqual(JSON.parse(await click(page, "/me")), { hello: walletAddress });
    });
    await check(`${chain}: with a balance of 2.9 the gate stays closed`, async () => {
      await setBalance({ chain, walletAddress, ...holding, balance: "2.9" });
      assert.match(await click(page, "/club/" + chain), /^403 /);
    });
    await check(`${chain}: with a balance of 3, a new login passes the gate`, async () => {
      await setBalance({ chain, walletAddress, ...holding, balance: "3" });
      await click(page, chain);
      assert.deepEqual(JSON.parse(await click(page, "/club/" + chain)), { hello: walletAddress });
    });
    await check(`${chain}: the gate of ${other} refuses the user, and says why`, async () => {
      assert.match(await click(page, "/club/" + other), new RegExp(`^403 .*users of ${other}, .*another chain`));
    });
    await check(`${chain}: a page of another origin neither logs the user out nor begins a login`, async () => {
      const evil = await startEvilPage();
      const there = await page.context().newPage();
      await there.goto(evil);
      const statuses = await there.evaluate(async ([origin, walletAddress]) => {
        const send = (path, body, type) => fetch(origin + path, { method: "POST", mode: "no-cors", credentials: "include", headers: { "Content-Type": type }, body }).then(() => "sent");
        return [await send("/logout", "", "text/plain"), await send("/login/ethereum/message", JSON.stringify({ walletAddress }), "text/plain")];
      }, [origin, walletAddress]);
      assert.deepEqual(statuses, ["sent", "sent"]); // what came of it, such a page cannot see
      await there.close();
      assert.deepEqual(JSON.parse(await click(page, "/me")), { hello: walletAddress });
      assert.equal((await page.context().cookies()).length, 1);
    });
    await check(`${chain}: the user logs out, and is a stranger again`, async () => {
      assert.equal(await click(page, "logout"), "{}");
      assert.deepEqual(await page.context().cookies(), []);
      assert.match(await click(page, "/me"), /^401 /);
      assert.match(await click(page, "/club/" + chain), /^401 /);
    });
    await check(`${chain}: a user who does not want to sign is told so, and is nobody`, async () => {
      wallet.refuses = true;
      assert.match(await click(page, chain), /refuses/);
      assert.match(await click(page, "/me"), /^401 /);
    });
    await check(`${chain}: no script of the page failed`, async () => assert.deepEqual(errors, []));
  }, wallet);
}

await browser.close();
finish();

/** Clicks the button with an ID, and returns what the page then shows. */
async function click(page, id) {
  await page.evaluate(() => void (document.querySelector("#answer").textContent = ""));
  await page.locator(`[id="${id}"]`).click();
  await page.waitForFunction(() => document.querySelector("#answer").textContent !== "");
  return page.textContent("#answer");
}

async function startMock() {
  const program = join(folder, "picket-mock");
  execFileSync("go", ["build", "-o", program, "./mock/cmd/picket-mock"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const child = spawn(program, ["-addr", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const firstLine = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (data) => (text += data).includes("\n") && resolve(text.split("\n")[0]));
    child.on("exit", (status) => reject(new Error(`picket-mock ended with status ${status}`)));
  });
  return firstLine.split(" ").at(-1);
}

/** Builds the README's first program, and runs it with the environment of the README's lines. */
async function startServer() {
  const address = `localhost:${await freePort()}`;
  const text = block("go", "package main").replaceAll("localhost:3000", address);
  const source = join(folder, "main.go");
  const program = join(folder, "server");
  writeFileSync(source, text);
  writeFileSync(join(folder, "page.html"), readFileSync(join(root, "picket/examples/server/page.html")));
  execFileSync("go", ["build", "-o", program, source], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const script = block("sh", "export ").replace("http://127.0.0.1:4010/api/v1", mockURL).replace("go run ./picket/examples/server", `exec ${program}`);
  const child = spawn("sh", ["-ec", script], { stdio: ["ignore", "inherit", "pipe"] });
  children.push(child);
  let log = "";
  child.stderr.on("data", (data) => (log += data));
  for (let tries = 0; ; tries++) {
    const up = await fetch(`http://${address}/`).then((response) => response.ok, () => false);
    if (up) return { origin: `http://${address}`, text };
    if (child.exitCode !== null || tries > 200) throw new Error(`the server does not answer; it said: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function setBalance(holding) {
  const response = await fetch(new URL("/_mock/balances", mockURL), { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(holding) });
  assert.equal(response.status, 204, await response.text());
}

/** Serves a page of another origin, on another port of the same host, so that browsers send the site's cookies. */
async function startEvilPage() {
  const server = http.createServer((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Evil</title>"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://localhost:${server.address().port}/`;
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
