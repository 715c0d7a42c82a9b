// Gives each test a project of picket-mock, and the page under test with the key of that project.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test as base } from "@playwright/test";

export const test = base.extend<{ picket: Picket }>({
  picket: async ({ page }, use, testInfo) => {
    const baseURL = process.env.PICKET_MOCK_URL!; // from playwright.config.ts
    const { secretKey, publishableKey } = await control(baseURL, "POST", "projects", {});
    const picket = new Picket(baseURL, secretKey);
    const site = await startSite({ baseURL, publishableKey });
    await picket.control("POST", "redirectURIs", { redirectURI: site.url });
    await page.goto(site.url);
    await use(picket);
    site.stop();
    if (testInfo.status !== testInfo.expectedStatus) {
      console.error("what picket-mock was asked:", JSON.stringify(await picket.control("GET", "journal"), null, 2));
    }
  },
});

/** Serves the page under test, which is an example of this repository. In the place of this, start your application. */
async function startSite(settings: { baseURL: string; publishableKey: string }) {
  const files = join(import.meta.dirname, "../frontend/page");
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url!, "http://localhost");
    if (pathname === "/") response.setHeader("Content-Type", "text/html").end(await readFile(join(files, "index.html")));
    else if (pathname === "/app.js") response.setHeader("Content-Type", "text/javascript").end(await readFile(join(files, "app.js")));
    else if (pathname === "/config.json") response.end(JSON.stringify(settings));
    else response.writeHead(404).end();
  });
  await once(server.listen(0, "localhost"), "listening");
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, stop: () => server.close() };
}

export class Picket {
  constructor(readonly baseURL: string, readonly secretKey: string) {}

  /** Controls the project. */
  control(method: string, operation: string, body?: object) {
    return control(this.baseURL, method, operation, body, this.secretKey);
  }

  /** The address of a wallet on Ethereum that the login page offers. */
  async wallet(): Promise<string> {
    const wallets: { chain: string; address: string }[] = await this.control("GET", "wallets");
    return wallets.find(({ chain }) => chain === "ethereum")!.address;
  }
}

async function control(baseURL: string, method: string, operation: string, body?: object, key?: string) {
  const headers = { "Content-Type": "application/json", ...(key && { Authorization: `Basic ${btoa(`${key}:`)}` }) };
  const response = await fetch(new URL(`/_mock/${operation}`, baseURL), { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${operation}: ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}
