// Chromium, and pages in it that have picket-js.
import { chromium } from "playwright-core";

const PATIENCE = 10_000; // milliseconds that a page may take for one step

/** Starts Debian's Chromium, without a window. Of arguments that are there twice, the last one counts. */
export function launch(executablePath, ...more) {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", // root, as in a container, can have none
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1", // wallets' libraries look for their services
      ...more,
    ],
  });
}

/**
 * Runs use(page) on a page at url, in a browser profile of its own. With a wallet, the page has it as window.ethereum or
 * window.solana. What it signed is then in wallet.signed, and with wallet.refuses set it signs nothing.
 * Nothing is intercepted: Playwright's route() would answer preflights by itself and hide missing CORS.
 */
export async function onPage(browser, url, use, wallet) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  try {
    if (wallet) await injectWallet(context, wallet);
    const page = await context.newPage();
    await page.goto(url);
    return await use(page);
  } finally {
    await context.close();
  }
}

/** Makes the page's picket-js. */
export function setUp(page, apiKey, baseURL) {
  return page.evaluate(([apiKey, baseURL]) => void new window.Picket(apiKey, { baseURL }), [apiKey, baseURL]);
}

/** Calls a method of the page's picket-js, and rejects as it does: with an error, or with the body of the API's. */
export async function call(page, method, ...args) {
  const outcome = await page.evaluate(
    async ([method, args]) => {
      try {
        return { value: await window.picket[method](...args) };
      } catch (error) {
        return error instanceof Error ? { message: error.message } : { body: error };
      }
    },
    [method, args],
  );
  if (outcome.message) throw new Error(outcome.message);
  if (outcome.body) throw outcome.body;
  return outcome.value;
}

/** Starts a method of the page's picket-js that leaves the page. */
export function start(page, method, ...args) {
  return page.evaluate(([method, args]) => void window.picket[method](...args), [method, args]);
}

/** Waits until the page is at a path, and says where it is when it does not get there. */
export async function arrive(page, path) {
  try {
    await page.waitForURL((url) => url.pathname === path && url.search !== "");
    await page.waitForLoadState();
  } catch {
    throw new Error(`the browser did not come back to ${path}; it is at ${page.url()}: ${await page.innerText("body")}`);
  }
}

/** Gives pages a wallet that is outside them, like that of an extension. */
export async function injectWallet(context, wallet) {
  wallet.signed = [];
  await context.exposeFunction("signWithTestWallet", (hex) => {
    if (wallet.refuses) throw new Error("the owner of the wallet refuses");
    const message = Buffer.from(hex.slice(2), "hex").toString();
    wallet.signed.push(message);
    return wallet.chain === "solana" ? [...wallet.signBytes(message)] : wallet.sign(message);
  });
  if (wallet.chain === "solana") await injectSolana(context, wallet);
  else await injectEthereum(context, wallet);
}

// The interface of Phantom and others, as far as pages need it to log in.
async function injectSolana(context, wallet) {
  await context.addInitScript((address) => {
    const publicKey = { toString: () => address, toBase58: () => address };
    let connected = false;
    window.solana = {
      async connect() {
        connected = true;
        return { publicKey };
      },
      async signMessage(message) {
        if (!connected) throw new Error("the wallet is not connected");
        if (!(message instanceof Uint8Array)) throw new TypeError("the message is no Uint8Array");
        const hex = "0x" + Array.from(message, (byte) => byte.toString(16).padStart(2, "0")).join("");
        return { publicKey, signature: new Uint8Array(await window.signWithTestWallet(hex)) };
      },
    };
  }, wallet.walletAddress);
}

// An EIP-1193 provider.
async function injectEthereum(context, wallet) {
  await context.addInitScript((address) => {
    let chainId = "0x1";
    const listeners = { chainChanged: new Set() };
    window.ethereum = {
      async request({ method, params }) {
        switch (method) {
          case "eth_requestAccounts":
          case "eth_accounts":
            return [address];
          case "eth_chainId":
            return chainId;
          case "net_version":
            return String(Number(chainId));
          case "wallet_switchEthereumChain":
            chainId = params[0].chainId;
            setTimeout(() => listeners.chainChanged.forEach((listener) => listener(chainId))); // wagmi waits for it
            return null;
          case "personal_sign":
            return window.signWithTestWallet(params[0]);
        }
        throw Object.assign(new Error(`the test wallet has no ${method}`), { code: 4200 });
      },
      on: (event, listener) => listeners[event]?.add(listener),
      removeListener: (event, listener) => listeners[event]?.delete(listener),
    };
  }, wallet.walletAddress);
}
