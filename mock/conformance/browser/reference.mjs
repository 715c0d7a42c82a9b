// The reference of the API that picket-mock serves, in Chromium: it shows the whole contract, tries it on the mock, and needs nothing
// from elsewhere. Prints how much it loads and how long that takes, and leaves screenshots for people to look at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { baseURL, CONTRACT, secretKey, seedBalance } from "../mock.mjs";
import { ethereumWallet, simpleMessage } from "../node/wallets.mjs";
import { suite } from "../report.mjs";
import { launch } from "./chromium.mjs";
import { DARK, DESKTOP, look, luminances, measure, PHONE, screenshots, serve, startPrefixProxy, tabTo } from "./looking.mjs";

const contract = JSON.parse(readFileSync(join(import.meta.dirname, "../../internal/spec/openapi.json"), "utf8"));
const operations = Object.values(contract.paths).flatMap(Object.values);
const referenceURL = new URL("/_mock/reference", baseURL).href;
const FIRST_PAINT_LIMIT = 5_000; // milliseconds, on a machine that does other things
const WEIGHT_LIMIT = 768; // KiB

const browser = await launch(process.env.CHROMIUM);
const { check, finish } = suite("reference");

await check("says nothing on the console, and breaks no rule of its Content-Security-Policy", () =>
  onReference(DESKTOP, async (page, { said }) => {
    await open(page, "nonce");
    await execute(page);
    await page.locator(".btn.authorize").first().click();
    assert.deepEqual(said, []);
  }));

await check("asks nobody but the mock", () =>
  onReference(DESKTOP, async (page, { asked }) => {
    await open(page, "nonce");
    await execute(page);
    assert.ok(asked.length > 6);
    assert.deepEqual(asked.filter((url) => new URL(url).origin !== new URL(baseURL).origin && !url.startsWith("data:")), []);
  }));

await check("lists every operation, with its summary and how it is known", () =>
  onReference(DESKTOP, async (page) => {
    const listed = await page.locator(".opblock-summary-control").evaluateAll((rows) => rows.map((row) => [
      row.querySelector(".opblock-summary-method").textContent.toLowerCase(),
      row.querySelector(".opblock-summary-path").dataset.path,
      row.querySelector("mark").textContent,
      row.querySelector(".opblock-summary-description").textContent,
    ].join(" ")));
    const wanted = Object.entries(contract.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => `${method} ${path} ${operation["x-provenance"]} ${operation.summary}`));
    assert.deepEqual(listed.sort(), wanted.sort());
  }));

await check("explains how things are known as the contract does", () =>
  onReference(DESKTOP, async (page) => {
    const terms = await page.locator("#legend > div").evaluateAll((terms) => terms.map((term) => [...term.children].map((part) => part.textContent)));
    assert.deepEqual(terms.map(([term]) => term), ["documented", "sdk", "observed", "inferred"]);
    const explained = contract.info.description.replace(/\s+/g, " ").replace("does it)", "does it),");
    for (const [term, meaning] of terms) assert.ok(explained.includes(`\`${term}\` (${meaning})`), term);
  }));

await onReference(PHONE, async (page, { said }) => {
  const fits = async () => assert.deepEqual(await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]), [390, 390]);
  await check("fits a phone", fits);
  for (const operation of operations) {
    await check(`${operation.operationId}: a link opens it on a phone, and its parameters, responses and properties are marked`, async () => {
      const block = await open(page, operation.operationId);
      assert.equal(await block.locator(".opblock-description mark").textContent(), operation["x-provenance"]);
      assert.ok((await block.locator(".opblock-description").textContent()).includes(operation["x-source"]));

      const parameters = (operation.parameters ?? []).map(resolve);
      assert.deepEqual(
        await block.locator("tr[data-param-name]").evaluateAll((rows) => rows.map((row) => `${row.dataset.paramName} ${row.querySelector("mark")?.textContent}`)),
        parameters.map(({ name, "x-provenance": own }) => `${name} ${own ?? operation["x-provenance"]}`));
      assert.deepEqual(
        await block.locator("tr.response").evaluateAll((rows) => rows.map((row) => `${row.dataset.code} ${row.querySelector(".response-col_description__inner mark")?.textContent}`)),
        Object.entries(operation.responses).map(([status, response]) => `${status} ${resolve(response)["x-provenance"]}`));
      for (const [status, response] of Object.entries(operation.responses)) {
        const schema = resolve(resolve(response).content?.["application/json"]?.schema);
        if (!schema?.properties) continue;
        const marked = await block.locator(`tr.response[data-code="${status}"] .inner-object`).first().evaluate((object) =>
          Object.fromEntries([...object.querySelectorAll(":scope > table > tbody > tr.property-row")].map((row) => [row.firstChild.textContent.replace("*", ""), row.lastChild.querySelector("mark")?.textContent])));
        assert.deepEqual(marked, Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, property["x-provenance"] ?? schema["x-provenance"]])));
      }
      await fits();
      assert.deepEqual(said, []);
    });
  }
  await check("fits a phone with an answer", async () => {
    assert.equal(await execute(page, await open(page, "tokenOwnership")), 200);
    await fits();
  });
});

await check("says by which older names a value is read, and how that is known", () =>
  onReference(DESKTOP, async (page) => {
    const text = await (await open(page, "token")).innerText();
    assert.match(text, /access_token is also read, as accessToken inferred/);
  }));

await onReference(DESKTOP, async (page) => {
  const wallet = ethereumWallet();
  const { walletAddress } = wallet;
  const requirements = { contractAddress: CONTRACT, minTokenBalance: "3" };
  await seedBalance({ chain: "ethereum", walletAddress, contractAddress: CONTRACT, balance: "5" });
  let nonce, accessToken;
  await check("tries nonce with the key of the project", async () => {
    nonce = await tried(page, "nonce", { walletAddress });
  });
  await check("tries auth", async () => {
    const answer = await tried(page, "auth", { walletAddress, signature: await wallet.sign(simpleMessage(nonce, wallet)) });
    assert.equal(answer.user.walletAddress, walletAddress);
    accessToken = answer.accessToken;
  });
  await check("tries authz", async () => {
    assert.equal((await tried(page, "authz", { accessToken, requirements })).user.tokenBalances.contractAddress[CONTRACT], "5");
  });
  await check("tries validate", async () => {
    assert.equal((await tried(page, "validate", { accessToken, requirements: { allowedWallets: [walletAddress] } })).walletAddress, walletAddress);
  });
  await check("tries tokenOwnership, whose path has parameters", async () => {
    const block = await open(page, "tokenOwnership");
    await block.locator('tr[data-param-name="walletAddress"] input').fill(walletAddress);
    assert.equal((await tried(page, "tokenOwnership", requirements)).allowed, true);
  });
  await check("tries token, which takes a form", async () => {
    const password = await wallet.sign(simpleMessage(await tried(page, "nonce", { walletAddress }), wallet));
    const block = await open(page, "token");
    for (const [name, value] of Object.entries({ grant_type: "password", username: walletAddress, password })) {
      await block.locator(`tr[data-property-name="${name}"] input`).fill(value);
    }
    assert.equal((await tried(page, "token")).user.walletAddress, walletAddress);
  });
});

await check("opens and tries an operation with the keyboard", () =>
  onReference(DESKTOP, async (page) => {
    const block = page.locator("#operations-Authentication-nonce");
    await tabTo(page, block.locator(".opblock-summary-control"));
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.press("Enter");
    await block.locator(".execute").waitFor();
    await tabTo(page, block.locator(".execute"));
    await page.keyboard.press("Space");
    assert.equal(await block.locator(".live-responses-table td.response-col_status:not(.col_header)").textContent(), "200");
    await tabTo(page, block.locator(".opblock-summary-control"), "Shift+Tab");
    await page.keyboard.press("Enter");
    await block.locator(".execute").waitFor({ state: "detached" });
  }));

await check("can be read in light and in dark", async () => {
  for (const [options, isReadable] of [[DESKTOP, (text, page) => page > 0.9 && text < 0.1], [DARK, (text, page) => page < 0.1 && text > 0.6]]) {
    await onReference(options, async (page) => {
      await open(page, "nonce");
      for (const selector of ["h1", ".info .title", ".opblock-summary-description", ".opblock-description p", "textarea", ".response-col_status", "select"]) {
        const [text, behind] = await luminances(page.locator(selector));
        assert.ok(isReadable(text, behind), `${selector}: ${text} on ${behind}`);
      }
    });
  }
});

await check("works below another path, behind a proxy that the mock does not know", async () => {
  const proxy = await startPrefixProxy("/tools/picket", baseURL);
  await onReference(DESKTOP, async (page, { asked, said }) => {
    assert.equal(await page.locator("#servers").inputValue(), `${proxy}/api/v1`);
    await open(page, "nonce");
    assert.equal(await execute(page), 200);
    assert.deepEqual(asked.filter((url) => !url.startsWith(`${proxy}/`) && !url.startsWith("data:")), []);
    assert.deepEqual(said, []);
  }, `${proxy}/_mock/reference`);
});

await check("is neither shown in a page of another origin, nor read or run by it", async () => {
  const site = await serve((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><iframe src="${referenceURL}"></iframe><script src="${referenceURL}/reference.js"></script>`));
  await look(browser, site, {}, async (page) => {
    assert.equal(await page.frames()[1].locator(".opblock").count(), 0);
    assert.equal(await page.frames()[1].evaluate(() => document.body?.textContent.includes("The Picket API") ?? false), false);
    assert.equal(await page.evaluate(() => typeof MEANINGS), "undefined");
    assert.equal(await page.evaluate((url) => fetch(url).then((response) => response.status, () => "refused"), referenceURL), "refused");
  });
});

const { weight, paint } = await onReference(DESKTOP, measure);
await check(`weighs ${weight} KiB, and paints after ${paint} ms`, async () => {
  assert.ok(weight > 100 && weight < WEIGHT_LIMIT, `more than ${WEIGHT_LIMIT} KiB`);
  assert.ok(paint > 0 && paint < FIRST_PAINT_LIMIT, `later than ${FIRST_PAINT_LIMIT} ms`);
});

for (const [name, options, operation] of [["light", DESKTOP], ["dark", DARK], ["phone", PHONE], ["tried", DESKTOP, "nonce"], ["tried-dark", DARK, "nonce"], ["tried-phone", PHONE, "tokenOwnership"]]) {
  await check(`is in screenshots/reference-${name}.png`, () =>
    onReference(options, async (page) => {
      if (operation) {
        await page.setViewportSize({ ...options.viewport, height: 2000 }); // shows the answer, too
        await execute(page, await open(page, operation));
      }
      await page.screenshot({ path: join(screenshots, `reference-${name}.png`), fullPage: !operation });
    }));
}

await browser.close();
finish();

/** Runs use(page, {asked, said}) on the reference. */
function onReference(options, use, url = referenceURL) {
  return look(browser, url, options, async (page, seen) => {
    await page.locator(".btn.authorize.locked").waitFor(); // the key is filled in
    return use(page, seen);
  });
}

/** Follows a link to an operation, as other pages have it, and returns the block that it opens. Closes the others, which would slow it down. */
async function open(page, operationId) {
  await page.evaluate((id) => {
    for (const block of document.querySelectorAll(".opblock.is-open")) {
      if (!block.id.endsWith(`-${id}`)) block.querySelector(".opblock-summary-control").click();
    }
    location.hash = "";
    location.hash = `#/operations/${id}`;
  }, operationId);
  const block = page.locator(`.opblock.is-open[id$="-${operationId}"]`);
  await block.locator(".opblock-description mark").waitFor();
  await block.locator(".execute").waitFor();
  return block;
}

/** Sends the request of an operation that is open, and returns the status of the answer. */
async function execute(page, block = page.locator(".opblock.is-open").last()) {
  await block.locator(".execute").click();
  const status = await block.locator(".live-responses-table td.response-col_status:not(.col_header)").innerText();
  return Number(status.split("\n")[0]); // the second line says that the contract does not have it
}

/** Tries an operation with a body, expects that it succeeds, and returns what was answered. */
async function tried(page, operationId, body) {
  const block = await open(page, operationId);
  if (body) await block.locator(".body-param__text").fill(JSON.stringify(body));
  const answered = page.waitForResponse((response) => response.url().startsWith(baseURL) && response.request().method() === "POST");
  await block.locator(".execute").click();
  const answer = await answered;
  assert.equal(answer.request().headers().authorization, `Basic ${btoa(`${secretKey}:`)}`);
  assert.equal(answer.status(), 200, `${operationId}: ${await answer.text()}`);
  return answer.json();
}

function resolve(value) {
  return value?.$ref ? value.$ref.slice(2).split("/").reduce((at, name) => at[name], contract) : value;
}
