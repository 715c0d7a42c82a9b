// oidc-client-ts 3.5.0 in Chromium against the mock: discovery, login, userinfo, silent renewal in a frame, refusal and logout. The page
// and the mock have the same host name, localhost, because over http a browser sends a frame of another site no cookies. It never checks
// the signature of an ID token, which comes from the token endpoint, so the rotation of keys does not concern it.
import assert from "node:assert/strict";
import { build } from "esbuild";

import { baseURL, CONTRACT, publishableKey } from "../mock.mjs";
import { suite } from "../report.mjs";
import { arrive, launch, onPage } from "./chromium.mjs";
import { startPage } from "./servers.mjs";

const authority = baseURL.replace("127.0.0.1", "localhost");
const site = `http://localhost:${process.env.PICKET_PAGE_PORT}`;
const callback = `${site}/callback`; // for all that comes back; the mock was told of it
const settings = { authority, client_id: publishableKey, redirect_uri: callback, silent_redirect_uri: callback, post_logout_redirect_uri: callback };

// What a page of the site runs. In a frame it ends a silent renewal by itself.
const { outputFiles } = await build({
  stdin: {
    contents: `
      import { UserManager } from "oidc-client-ts";
      const settings = ${JSON.stringify({ ...settings, scope: "openid email" })};
      window.manager = new UserManager(settings);
      window.asking = new UserManager({ ...settings, loadUserInfo: true });
      if (window.parent !== window) window.manager.signinSilentCallback();`,
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  write: false,
  platform: "browser",
  logLevel: "error",
});
await startPage(process.env.PICKET_PAGE_PORT, outputFiles[0].text);
const browser = await launch(process.env.CHROMIUM);
const { check, finish } = suite("oidc-client-ts");

/** Runs use(page) on a page of the site. */
const onSite = (use) => onPage(browser, `${site}/`, use);

/** Sends the browser to the login page with further parameters, decides there, and comes back. */
async function decide(page, decision, extraQueryParams = {}) {
  await page.evaluate((parameters) => void window.manager.signinRedirect(parameters), { extraQueryParams });
  await page.getByRole("button", { name: decision }).click();
  await arrive(page, "/callback");
}

/** Ends a login on the page that the browser came back to, and returns the claims of the user. */
const endLogin = (page) => page.evaluate(async () => (await window.manager.signinRedirectCallback()).profile);

/** Renews a login silently, and returns the claims of the user or the error. */
const renew = (page) => page.evaluate(() => window.manager.signinSilent().then((user) => user.profile, (error) => ({ error: error.error ?? error.message })));

await check("discovery: the authority is enough", () =>
  onSite(async (page) => {
    const { issuer } = await page.evaluate(() => window.manager.metadataService.getMetadata());
    assert.equal(issuer, authority);
  }));

await check("login: by redirect", () =>
  onSite(async (page) => {
    await decide(page, "Approve");
    const { iss, sub, email } = await endLogin(page);
    assert.equal(iss, authority);
    assert.match(sub, /^ethereum:0x[0-9a-fA-F]{40}$/);
    assert.equal(email, `${sub.split(":")[1]}@ethereum.wallet.example`);
  }));

await check("userinfo: with loadUserInfo", () =>
  onSite(async (page) => {
    await decide(page, "Approve");
    const { sub, walletAddress } = await page.evaluate(async () => (await window.asking.signinRedirectCallback()).profile);
    assert.equal(sub, `ethereum:${walletAddress}`);
  }));

await check("silent renewal: in a frame, for the user who logged in, with the time of that login", () =>
  onSite(async (page) => {
    await decide(page, "Approve");
    const first = await endLogin(page);
    const again = await renew(page);
    assert.equal(again.sub, first.sub, again.error);
    assert.equal(again.auth_time, first.auth_time);
  }));

await check("silent renewal: nobody has logged in", () =>
  onSite(async (page) => {
    assert.deepEqual(await renew(page), { error: "login_required" });
  }));

await check("refusal: the user says no", () =>
  onSite(async (page) => {
    await decide(page, "Deny");
    await assert.rejects(endLogin(page), /the user denied the login/);
  }));

await check("refusal: the gate stays closed", () =>
  onSite(async (page) => {
    await decide(page, "Approve", { contractAddress: CONTRACT, minTokenBalance: "1000000" });
    await assert.rejects(endLogin(page), /the wallet holds 0 of the required tokens/);
  }));

await check("logout: the browser comes back, and the login cannot be renewed", () =>
  onSite(async (page) => {
    await decide(page, "Approve");
    await endLogin(page);
    await page.evaluate(() => void window.manager.signoutRedirect({ state: "bye" }));
    await page.waitForURL((url) => url.pathname === "/callback" && url.searchParams.has("state") && !url.searchParams.has("code"));
    await page.waitForLoadState();
    assert.deepEqual(await renew(page), { error: "login_required" });
  }));

await browser.close();
finish();
