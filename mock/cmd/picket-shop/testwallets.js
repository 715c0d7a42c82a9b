// Brings the test wallets of the mock to a page, as extensions bring real ones: on Ethereum as EIP-1193 providers that announce
// themselves (EIP-6963), the first one also at window.ethereum unless a wallet is there, and on Solana as wallets of the wallet
// standard. The keys stay in the mock: the server of the page passes on what is to be signed.
const ICON = "data:image/svg+xml;base64," + btoa('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#5b4bc4"/><path d="M7 11a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v2h2v9h-2a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2z" fill="#fff"/><circle cx="20.5" cy="17" r="1.8" fill="#5b4bc4"/></svg>');

const wallets = await ask("wallets");
for (const wallet of named("ethereum", "Ethereum test wallet")) bringToEthereum(wallet);
for (const wallet of named("solana", "Solana test wallet")) bringToSolana(wallet);

/** Returns the wallets on a chain, with names. They have numbers when there are several. */
function named(chain, name) {
  const own = wallets.filter((wallet) => wallet.chain === chain);
  return own.map(({ address }, i) => ({ chain, address, name: own.length > 1 ? `${name} ${i + 1}` : name }));
}

function bringToEthereum(wallet) {
  const provider = {
    async request({ method, params }) {
      switch (method) {
        case "eth_accounts":
        case "eth_requestAccounts":
          return [wallet.address];
        case "eth_chainId":
          return "0x1";
        case "net_version":
          return "1";
        case "personal_sign":
          if (params[1].toLowerCase() !== wallet.address.toLowerCase()) throw failure(4100, "the wallet has no such account");
          return sign(wallet, bytesOfHex(params[0]));
      }
      throw failure(4200, `a test wallet has no ${method}`);
    },
    on() { return this; }, // it has one account on one chain, so there is nothing to tell
    removeListener() { return this; },
  };
  const rdns = "localhost." + wallet.name.toLowerCase().replaceAll(" ", "-");
  const detail = Object.freeze({ info: Object.freeze({ uuid: crypto.randomUUID(), name: wallet.name, icon: ICON, rdns }), provider });
  const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  addEventListener("eip6963:requestProvider", announce);
  announce();
  window.ethereum ??= provider;
}

function bringToSolana(wallet) {
  const account = Object.freeze({
    address: wallet.address,
    publicKey: bytesOfBase58(wallet.address, 32),
    chains: ["solana:mainnet"],
    features: ["solana:signMessage"],
  });
  const signOne = async ({ account: { address }, message }) => {
    if (address !== wallet.address) throw new Error("the wallet has no such account");
    return { signedMessage: message, signature: bytesOfBase58(await sign(wallet, message), 64) };
  };
  const standard = Object.freeze({
    version: "1.0.0",
    name: wallet.name,
    icon: ICON,
    chains: account.chains,
    accounts: [account],
    features: {
      "standard:connect": { version: "1.0.0", connect: async () => ({ accounts: [account] }) },
      "standard:events": { version: "1.0.0", on: () => () => {} }, // it always has the same account
      "solana:signMessage": {
        version: "1.0.0",
        async signMessage(...inputs) {
          const outputs = [];
          for (const input of inputs) outputs.push(await signOne(input)); // one after the other, as each asks the user
          return outputs;
        },
      },
    },
  });
  const register = ({ register }) => register(standard);
  addEventListener("wallet-standard:app-ready", ({ detail }) => register(detail));
  dispatchEvent(new CustomEvent("wallet-standard:register-wallet", { detail: register }));
}

/** Signs a message once the user agrees. */
async function sign({ name, chain, address }, bytes) {
  const message = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  if (!(await agrees(name, message))) throw failure(4001, "the user refused to sign");
  return (await ask("sign", { chain, address, message })).signature;
}

/** Asks the user, in the window that a real wallet would open. */
function agrees(name, message) {
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const refuse = make("button", { textContent: "Refuse" });
  const agree = make("button", { textContent: "Sign", className: "main", autofocus: true });
  const title = make("h2", { textContent: name, id: "test-wallet-title" });
  const dialog = make("dialog", {},
    title,
    make("p", { textContent: "This site asks you to sign the message below. A real wallet opens a window of its own for this." }),
    make("pre", { textContent: message, tabIndex: 0 }),
    make("p", { className: "buttons" }, agree, refuse));
  dialog.setAttribute("aria-labelledby", title.id);
  document.body.append(dialog);
  return new Promise((resolve) => {
    agree.onclick = () => dialog.close("sign");
    refuse.onclick = () => dialog.close();
    dialog.onclose = () => { // also by the Esc key
      dialog.remove();
      resolve(dialog.returnValue === "sign");
    };
    dialog.showModal();
  });
}

async function ask(path, body) {
  const response = await fetch("/test-wallets/" + path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.msg);
  return answer;
}

function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

function bytesOfHex(hex) {
  return Uint8Array.from(hex.slice(2).match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

function bytesOfBase58(text, length) {
  const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let number = 0n;
  for (const digit of text) number = number * 58n + BigInt(digits.indexOf(digit));
  return bytesOfHex("0x" + number.toString(16).padStart(2 * length, "0"));
}
