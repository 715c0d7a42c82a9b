// What the checks of pages for people have in common: what a page loads and complains of, whether it can be read, and how heavy it is.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";

/** Where screenshots are left for people to look at. */
export const screenshots = join(import.meta.dirname, "../screenshots");
mkdirSync(screenshots, { recursive: true });

export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const DARK = { ...DESKTOP, colorScheme: "dark" };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/**
 * Runs use(page, {asked, said}) on a page: asked are the URLs that it loads, and said is what it complains of. What prepare does to the
 * browser's context, it does before.
 */
export async function look(browser, url, options, use, prepare) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000); // milliseconds, on a machine that does other things
  const [asked, said] = [[], []];
  context.on("request", (request) => asked.push(request.url()));
  context.on("requestfailed", (request) => request.failure().errorText !== "net::ERR_ABORTED" && said.push(`${request.url()}: ${request.failure().errorText}`)); // the page itself aborts what it follows
  context.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  context.on("weberror", (error) => said.push(error.error().message));
  await context.exposeFunction("violated", (text) => said.push(text));
  await context.addInitScript(() => addEventListener("securitypolicyviolation", (event) => violated(`${event.violatedDirective} ${event.blockedURI}`)));
  try {
    await prepare?.(context);
    const page = await context.newPage();
    await page.goto(url);
    return await use(page, { asked, said });
  } finally {
    await context.close();
  }
}

/** Presses a key until an element has the focus. */
export async function tabTo(page, locator, key = "Tab") {
  for (let presses = 0; !(await locator.evaluate((element) => element === document.activeElement)); presses++) {
    assert.ok(presses < 100, "100 tabs do not get there");
    await page.keyboard.press(key);
  }
}

/** The relative luminances of WCAG 2 of an element's text and of what is behind it. */
export async function luminances(locator) {
  const colours = await locator.first().evaluate((element) => {
    const parse = (colour) => {
      const canvas = new OffscreenCanvas(1, 1).getContext("2d");
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data].map((channel) => channel / 255);
    };
    let behind = [0, 0, 0, 0];
    for (let at = element; at && behind[3] < 0.9; at = at.parentElement) behind = parse(getComputedStyle(at).backgroundColor);
    return [parse(getComputedStyle(element).color), behind];
  });
  return colours.map((colour) => {
    const [red, green, blue] = colour.map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
}

/** How many KiB a page loaded, and after how many milliseconds it painted something. */
export async function measure(page) {
  const timing = await page.evaluate(() => ({
    bytes: performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0),
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  }));
  return { weight: Math.round(timing.bytes / 1024), paint: Math.round(timing.paint) };
}

/** Serves what the mock serves, below a prefix that the mock does not see. */
export async function startPrefixProxy(prefix, baseURL) {
  const origin = await serve((request, response) => {
    if (!request.url.startsWith(`${prefix}/`)) return response.writeHead(404).end();
    const onward = http.request(new URL(request.url.slice(prefix.length), baseURL), { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  return origin + prefix;
}

/** Starts a web server, and returns its origin. */
export async function serve(handler) {
  const server = http.createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://localhost:${server.address().port}`;
}
