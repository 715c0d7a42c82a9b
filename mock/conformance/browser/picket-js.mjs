// picket-js 0.0.102 against the mock, in Chromium, on a page of another origin than the mock's: every method that calls
// the API, both OAuth flows, and the modal by which people connect their wallets.
import assert from "node:assert/strict";

import { isUser, refused } from "../expect.mjs";
import { baseURL, CONTRACT, publishableKey, seedBalance } from "../mock.mjs";
import { ethereumWallet, newContext, simpleMessage, siweMessage, solanaWallet } from "../node/wallets.mjs";
import { suite } from "../report.mjs";
import { bundle } from "./bundle.mjs";
import { arrive, call, launch, onPage, setUp, start } from "./chromium.mjs";
import { startPage, startProxy } from "./servers.mjs";

const script = await bundle();
const site = await startPage(process.env.PICKET_PAGE_PORT, script);
const proxied = await startProxy(process.env.PICKET_PROXY_PORT, script, baseURL);
const browser = await launch(process.env.CHROMIUM);

/** The page that logins come back to; the mock was told of it, and of the proxied page. */
const callback = `${site}/callback`;

/** Runs use(page) on a page of the site, set up for the mock. */
const onSite = (use, wallet) =>
  onPage(browser, `${site}/`, async (page) => {
    await setUp(page, publishableKey, baseURL);
    return use(page);
  }, wallet);

/** Makes the signed part of a login: what a wallet signs, over the SIWE message of the site. */
async function sign(page, wallet) {
  const context = newContext(wallet.chain);
  const signature = await wallet.sign(siweMessage(await call(page, "nonce", credentials(wallet)), wallet, context));
  return { ...credentials(wallet), signature, context };
}

const credentials = ({ chain, walletAddress }) => ({ chain, walletAddress });

const login = async (page, wallet, requirements) => call(page, "auth", { ...(await sign(page, wallet)), requirements });

const { check, finish } = suite("picket-js");

await check("nonce: a nonce, a statement and a format", () =>
  onSite(async (page) => {
    const nonce = await call(page, "nonce", credentials(ethereumWallet()));
    assert.deepEqual(Object.keys(nonce).sort(), ["format", "nonce", "statement"]);
  }));

await check("auth: simple message, signed by ethers", () =>
  onSite(async (page) => {
    const wallet = ethereumWallet();
    const signature = await wallet.sign(simpleMessage(await call(page, "nonce", credentials(wallet)), wallet));
    isUser((await call(page, "auth", { ...credentials(wallet), signature })).user, wallet);
  }));

await check("auth: SIWE message with its context; the login outlives the page", () =>
  onSite(async (page) => {
    const wallet = ethereumWallet();
    const auth = await login(page, wallet);
    isUser(auth.user, wallet);
    await page.reload();
    await setUp(page, publishableKey, baseURL);
    assert.deepEqual(await call(page, "authState"), auth); // which validates the token that was stored
  }));

await check("auth: SIWE message for Solana, signed by tweetnacl", () =>
  onSite(async (page) => {
    const wallet = solanaWallet();
    isUser((await login(page, wallet)).user, wallet);
  }));

await check("auth: the SDK writes the messages that the mock expects", () =>
  onSite(async (page) => {
    for (const wallet of [ethereumWallet(), solanaWallet()]) {
      const nonce = await call(page, "nonce", credentials(wallet));
      const context = newContext(wallet.chain);
      const message = await page.evaluate((request) => window.Picket.createSigningMessage(request), {
        ...nonce,
        format: "siwe",
        walletAddress: wallet.walletAddress,
        ...context,
      });
      isUser((await call(page, "auth", { ...credentials(wallet), signature: await wallet.sign(message), context })).user, wallet);
    }
  }));

await check("validate: the token's claims", () =>
  onSite(async (page) => {
    const wallet = ethereumWallet();
    const { accessToken } = await login(page, wallet);
    const claims = await call(page, "validate", accessToken, { allowedWallets: [wallet.walletAddress] });
    assert.equal(claims.sub, `ethereum:${wallet.walletAddress}`);
    assert.equal(claims.exp - claims.iat, 12 * 60 * 60);
  }));

await check("authz: a new token for a wallet among allowedWallets", () =>
  onSite(async (page) => {
    const wallet = ethereumWallet();
    const { accessToken } = await login(page, wallet);
    const auth = await call(page, "authz", { accessToken, requirements: { allowedWallets: [wallet.walletAddress] } });
    isUser(auth.user, wallet);
    assert.notEqual(auth.accessToken, accessToken);
  }));

await check("authz: the balance that was proven opens the gate without another request", () =>
  onSite(async (page) => {
    const wallet = ethereumWallet();
    const requirements = { contractAddress: CONTRACT, minTokenBalance: "3" };
    await seedBalance({ ...credentials(wallet), contractAddress: CONTRACT, balance: "3" });
    const { accessToken } = await login(page, wallet);
    const { user } = await call(page, "authz", { accessToken, requirements });
    isUser(user, wallet, { contractAddress: { [CONTRACT]: "3" } });
    assert.equal(await page.evaluate((args) => window.Picket.meetsAuthRequirements(args), { user, requirements }), true);
  }));

await check("authz: defect: concurrent calls race for the stored login; the mock answers each with a token of its own", () =>
  onSite(async (page) => {
    const { accessToken } = await login(page, ethereumWallet());
    const request = { accessToken, requirements: {} };
    const answers = await Promise.all([call(page, "authz", request), call(page, "authz", request)]);
    const kept = (await call(page, "authState")).accessToken;
    assert.notEqual(answers[0].accessToken, answers[1].accessToken);
    assert.ok(answers.some((answer) => answer.accessToken === kept));
  }));

await check("isCurrentUserAuthorized: yes and no", () =>
  onSite(async (page) => {
    const wallet = ethereumWallet();
    await login(page, wallet);
    const authorized = (allowedWallets) => call(page, "isCurrentUserAuthorized", { requirements: { allowedWallets } });
    assert.equal(await authorized([wallet.walletAddress]), true);
    assert.equal(await authorized([ethereumWallet().walletAddress]), false);
  }));

await check("chains and chainInfo", () =>
  onSite(async (page) => {
    const polygon = await call(page, "chainInfo", "polygon"); // before chains, which would answer it from its cache
    assert.equal(polygon.chainId, 137);
    const chains = await call(page, "chains");
    assert.equal(chains.length, 7);
    assert.deepEqual(chains.find(({ chainSlug }) => chainSlug === "polygon"), polygon);
  }));

// Errors without CORS headers reach a page as "Failed to fetch": it can tell its users nothing.

await check("refusal: an unknown key", () =>
  onSite(async (page) => {
    await setUp(page, "pk_ffffffffffffffffffffffffffffffff", baseURL);
    await refused(call(page, "nonce", credentials(ethereumWallet())), "api_key_invalid", /invalid project key/);
    await refused(call(page, "chains"), "api_key_invalid", /invalid project key/);
  }));

await check("refusal: a bad signature, and a spent nonce", () =>
  onSite(async (page) => {
    const wallet = ethereumWallet();
    const signed = await sign(page, wallet);
    const bad = { ...signed, signature: await wallet.sign("another message") };
    await refused(call(page, "auth", bad), "parameter_invalid", /invalid signature/);
    await call(page, "auth", signed);
    await refused(call(page, "auth", signed), "parameter_invalid", /invalid signature/);
  }));

await check("refusal: a gate that is not met", () =>
  onSite(async (page) => {
    const { accessToken } = await login(page, ethereumWallet());
    const authz = (requirements) => call(page, "authz", { accessToken, requirements });
    await refused(authz({ allowedWallets: [ethereumWallet().walletAddress] }), "permission_denied", /allowed wallet addresses/);
    await refused(authz({ contractAddress: CONTRACT }), "permission_denied", /tokens/);
  }));

await check("refusal: a forged access token, and an unknown chain", () =>
  onSite(async (page) => {
    await refused(call(page, "validate", "nonsense"), "parameter_invalid", /invalid access token/);
    await refused(call(page, "chainInfo", "dogecoin"), "resource_not_found", /dogecoin/);
  }));

await check("refusal: a page can read what the API says of unknown paths, methods and oversized bodies", () =>
  onSite(async (page) => {
    const statuses = await page.evaluate(async (baseURL) => {
      const statusOf = async (path, options) => (await fetch(baseURL + path, options)).status;
      return [
        await statusOf("/nowhere"),
        await statusOf("/chains", { method: "POST" }),
        await statusOf("/auth/nonce", { method: "POST", headers: { "Content-Type": "application/json" }, body: "x".repeat(12_000_000) }),
      ];
    }, baseURL);
    assert.deepEqual(statuses.slice(0, 2), [404, 405]);
    assert.ok([401, 413].includes(statuses[2]), `status ${statuses[2]}`); // without a key, which of the two is told is open
  }));

await check("loginWithRedirect: there and back again", () =>
  onSite(async (page) => {
    const wallet = ethereumWallet();
    await start(page, "loginWithRedirect", await sign(page, wallet), { redirectURI: callback, appState: { returnTo: "/cart" } });
    await arrive(page, "/callback");
    await setUp(page, publishableKey, baseURL);
    const auth = await call(page, "handleLoginRedirect");
    isUser(auth.user, wallet);
    assert.deepEqual(auth.appState, { returnTo: "/cart" });
    assert.equal((await call(page, "validate", auth.accessToken)).sub, `ethereum:${wallet.walletAddress}`);
    assert.equal((await call(page, "authState")).accessToken, auth.accessToken);
  }));

await check("loginWithRedirect: Solana, with the context's chain taken from the request", () =>
  onSite(async (page) => {
    const wallet = solanaWallet();
    await start(page, "loginWithRedirect", await sign(page, wallet), { redirectURI: callback, appState: {} });
    await arrive(page, "/callback");
    await setUp(page, publishableKey, baseURL);
    isUser((await call(page, "handleLoginRedirect")).user, wallet);
  }));

await check("loginWithRedirect: the connect modal gets the signature", async () => {
  const wallet = ethereumWallet();
  await onSite(async (page) => {
    await start(page, "loginWithRedirect", {}, { redirectURI: callback, appState: {} });
    await page.getByRole("button", { name: "Injected" }).click();
    await arrive(page, "/callback");
    await setUp(page, publishableKey, baseURL);
    isUser((await call(page, "handleLoginRedirect")).user, wallet);
  }, wallet);
});

await check("loginWithRedirect: a gate that is not met comes back as an error with a description", () =>
  onSite(async (page) => {
    const request = { ...(await sign(page, ethereumWallet())), allowedWallets: [ethereumWallet().walletAddress] };
    await start(page, "loginWithRedirect", request, { redirectURI: callback, appState: {} });
    await arrive(page, "/callback");
    assert.notEqual(new URL(page.url()).searchParams.get("error"), null);
    await setUp(page, publishableKey, baseURL);
    await assert.rejects(call(page, "handleLoginRedirect"), /allowed wallet addresses/);
  }));

await check("authorize: a redirect URI that is not allowed, or an unknown client, stays at the mock with a 400", () =>
  onSite(async (page) => {
    const request = await authorizationRequest(page, ethereumWallet(), { state: "s", codeChallenge: "x".repeat(43) });
    const wrong = { redirect_uri: `${callback}/`, client_id: "pk_ffffffffffffffffffffffffffffffff" };
    for (const [parameter, value] of Object.entries(wrong)) {
      const url = new URL(request);
      url.searchParams.set(parameter, value);
      const response = await page.goto(url.href);
      assert.equal(response.status(), 400, parameter);
      assert.equal(new URL(page.url()).origin, new URL(baseURL).origin);
    }
  }));

await check("authorize: a state with + / and = comes back untouched", () =>
  onSite(async (page) => {
    const state = "a+b/c d&e%2B==";
    await page.goto(await authorizationRequest(page, ethereumWallet(), { state, codeChallenge: "x".repeat(43) }));
    await arrive(page, "/callback");
    assert.equal(new URL(page.url()).searchParams.get("state"), state);
  }));

await check("token: a code works once, and not with another verifier", () =>
  onSite(async (page) => {
    const exchange = async (change) => {
      const codeVerifier = "v".repeat(43);
      await page.goto(await authorizationRequest(page, ethereumWallet(), { state: "s", codeChallenge: await s256(codeVerifier) }));
      await arrive(page, "/callback");
      await setUp(page, publishableKey, baseURL);
      const request = { code: new URL(page.url()).searchParams.get("code"), codeVerifier, redirectURI: callback, ...change };
      return () => call(page, "oauth2AuthorizationCodeToken", request);
    };
    const good = await exchange();
    const { accessToken, tokenType, expiresIn } = await good();
    assert.deepEqual({ tokenType, expiresIn }, { tokenType: "Bearer", expiresIn: 12 * 60 * 60 });
    assert.equal(accessToken.split(".").length, 3);
    await refused(good(), "invalid_grant", /code/i);
    await refused((await exchange({ codeVerifier: "w".repeat(43) }))(), "invalid_grant", /code|verifier/);
  }));

await check("connect modal: login with an injected wallet", async () => {
  const wallet = ethereumWallet();
  await onSite(async (page) => {
    await openModal(page);
    isUser((await page.evaluate(() => window.login)).user, wallet);
  }, wallet);
});

await check("connect modal: login on another chain, for holders of a token", async () => {
  const wallet = { ...ethereumWallet(), chain: "polygon" };
  await seedBalance({ ...credentials(wallet), contractAddress: CONTRACT, balance: "3" });
  await onSite(async (page) => {
    await openModal(page, { chain: "polygon", contractAddress: CONTRACT, minTokenBalance: 3 });
    isUser((await page.evaluate(() => window.login)).user, wallet, { contractAddress: { [CONTRACT]: "3" } });
  }, wallet);
});

// The modal chooses its sentence by a phrase in the API's message.

await check("connect modal: tells a wallet that it is not allowed", () =>
  onSite(async (page) => {
    await openModal(page, { allowedWallets: [ethereumWallet().walletAddress] });
    await page.getByText("is not on the allowed list of wallet addresses").waitFor();
  }, ethereumWallet()));

await check("connect modal: tells a wallet that it holds too few tokens", () =>
  onSite(async (page) => {
    await openModal(page, { contractAddress: CONTRACT });
    await page.getByText("necessary tokens").first().waitFor();
  }, ethereumWallet()));

await check("connect modal: tells that allowedWallets is no array", () =>
  onSite(async (page) => {
    await openModal(page, { allowedWallets: "0x0" });
    await page.getByText('Incorrect parameter type for "allowedWallets"').waitFor();
  }, ethereumWallet()));

await check("connect modal: tells that the signature is no longer good", () => {
  const wallet = ethereumWallet();
  const late = { ...wallet, sign: () => wallet.sign("another message") };
  return onSite(async (page) => {
    await openModal(page);
    await page.getByText("Signature expired").waitFor();
  }, late);
});

await check("connect modal: tells that the key is unknown", () =>
  onSite(async (page) => {
    await setUp(page, "pk_ffffffffffffffffffffffffffffffff", baseURL);
    await openModal(page);
    await page.getByText("Invalid API key").waitFor();
  }, ethereumWallet()));

await check("loginWithPopup: page and API on one origin, through a proxy", () =>
  onPage(browser, `${proxied}/`, async (page) => {
    const wallet = ethereumWallet();
    await setUp(page, publishableKey, `${proxied}/api/v1`);
    isUser((await call(page, "loginWithPopup", await sign(page, wallet))).user, wallet);
  }));

await check("loginWithPopup: a gate that is not met is an error with a description", () =>
  onPage(browser, `${proxied}/`, async (page) => {
    await setUp(page, publishableKey, `${proxied}/api/v1`);
    const request = { ...(await sign(page, ethereumWallet())), allowedWallets: [ethereumWallet().walletAddress] };
    await assert.rejects(call(page, "loginWithPopup", request), /allowed wallet addresses/);
  }));

await check("loginWithPopup: defect: across origins it reads popup.origin, which the browser forbids", () =>
  onSite(async (page) => {
    const signed = await sign(page, ethereumWallet());
    const [error] = await Promise.all([page.waitForEvent("pageerror"), start(page, "loginWithPopup", signed, { redirectURI: callback })]);
    assert.match(error.message, /origin/);
  }));

await check("web_message: reaches the opener across origins, from the mock's origin", () =>
  onSite(async (page) => {
    const codeVerifier = "v".repeat(43);
    const url = await authorizationRequest(page, ethereumWallet(), { state: "a+b/c==", codeChallenge: await s256(codeVerifier), responseMode: "web_message" });
    const { origin, data } = await messageOfPopup(page, url);
    assert.equal(origin, new URL(baseURL).origin);
    const { code, iss } = data.response; // the issuer has another host than baseURL if a proxy stands in between
    assert.equal(new URL(iss).pathname, new URL(baseURL).pathname);
    assert.deepEqual(data, { type: "authorization_response", response: { state: "a+b/c==", code, iss } });
    const auth = await call(page, "oauth2AuthorizationCodeToken", { code, codeVerifier, redirectURI: callback });
    assert.equal(auth.accessToken.split(".").length, 3);
  }));

await check("web_message: carries an error with a description", () =>
  onSite(async (page) => {
    const allowedWallets = [ethereumWallet().walletAddress];
    const url = await authorizationRequest(page, ethereumWallet(), { state: "s", codeChallenge: "x".repeat(43), responseMode: "web_message", allowedWallets });
    const { state, error, error_description: description } = (await messageOfPopup(page, url)).data.response;
    assert.equal(state, "s");
    assert.notEqual(error, undefined);
    assert.match(description, /allowed wallet addresses/);
  }));

await check("web_message: does not reach an opener that is not of the redirect URI's origin", () =>
  onPage(browser, `${proxied}/`, async (page) => {
    await setUp(page, publishableKey, `${proxied}/api/v1`);
    const url = await authorizationRequest(page, ethereumWallet(), { state: "s", codeChallenge: "x".repeat(43), responseMode: "web_message" });
    const [answer] = await Promise.all([
      page.context().waitForEvent("response", (response) => response.url().includes("/oauth2/authorize")),
      page.evaluate((url) => {
        window.messages = [];
        addEventListener("message", ({ data }) => window.messages.push(data));
        window.open(url, "popup", "width=400,height=400");
      }, url),
    ]);
    assert.equal(answer.status(), 200);
    await page.waitForTimeout(1000); // a message that was sent has arrived by then
    assert.deepEqual(await page.evaluate(() => window.messages), []);
  }));

await browser.close();
finish();

/** The URL by which picket-js starts a login of a wallet that comes back to the site. */
async function authorizationRequest(page, wallet, options) {
  const request = { ...(await sign(page, wallet)), redirectURI: callback, responseMode: "code", ...options };
  return call(page, "getAuthorizationURL", request);
}

async function s256(codeVerifier) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(codeVerifier));
  return Buffer.from(digest).toString("base64url");
}

/** Lets a person log in: opens the modal and picks the injected wallet. The outcome is the page's window.login. */
async function openModal(page, request = {}) {
  await page.evaluate((request) => {
    window.login = window.picket.login(request);
    window.login.catch(() => {}); // the checks that await it see it
  }, request);
  await page.getByRole("button", { name: "Injected" }).click();
}

/** Opens a popup and waits for the first message from it. */
function messageOfPopup(page, url) {
  return page.evaluate(
    (url) =>
      new Promise((resolve, reject) => {
        const popup = window.open(url, "popup", "width=400,height=400");
        addEventListener("message", ({ origin, data, source }) => source === popup && resolve({ origin, data }));
        setTimeout(() => reject(new Error("no message from the popup within 10 s")), 10_000);
      }),
    url,
  );
}
