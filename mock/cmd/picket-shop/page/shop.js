// The page: logs users in and out, and tries the doors. The server decides everything; the page says in plain words what it decided.
import { call, Refusal } from "./server.js";
import { balanceOf, giveThree } from "./tokens.js";
import { findWallets } from "./wallets.js";

const CHAINS = { ethereum: "Ethereum", solana: "Solana" };
const NEEDED = 3; // tokens that the server asks for
const REMEMBERED = 5; // seconds for which the server remembers a refusal, and then asks again

const find = (selector) => document.querySelector(selector);
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

let user; // { chain, walletAddress }, or undefined

findWallets(offer);
find("#logout").onclick = logOut;
for (const door of document.querySelectorAll("article")) door.querySelector("button").onclick = () => enter(door);
await findUser();

/** Shows who is logged in already: before the page was loaded, or in another tab. */
async function findUser() {
  const { hello } = await call("/me").catch(() => ({}));
  if (hello) showUser({ chain: hello.startsWith("0x") ? "ethereum" : "solana", walletAddress: hello });
}

function offer(wallet) {
  const icon = make("img", { alt: "", width: 32, height: 32 });
  if (wallet.icon?.startsWith("data:image/")) icon.src = wallet.icon;
  const button = make("button", { className: "wallet" }, icon, make("span", { textContent: wallet.name }));
  button.onclick = () => logIn(wallet, button);
  const group = find("#on-" + wallet.chain);
  group.hidden = false;
  group.querySelector("ul").append(make("li", {}, button));
}

async function logIn({ chain, name, connect }, button) {
  button.disabled = true;
  say(`Look at ${name}: it asks you whether to sign.`);
  try {
    const { address, sign } = await connect();
    const { message } = await call(`/login/${chain}/message`, { walletAddress: address });
    const signature = await sign(new TextEncoder().encode(message));
    showUser(await call(`/login/${chain}/signature`, { signature }));
    say("");
    find("#welcome").focus();
  } catch (error) {
    say(error.code === 4001 ? "You did not sign, so you are not logged in." : `You are not logged in: ${error.message}`);
  } finally {
    button.disabled = false;
    if (!user) button.focus();
  }
}

async function logOut() {
  try {
    await call("/logout", {});
    showUser(undefined);
    say("You are logged out.");
    find("#login").focus();
  } catch (error) {
    say(`You may still be logged in: ${error.message}`);
  }
}

/** Shows who is logged in, and forgets what the doors said to someone else. */
function showUser(now) {
  user = now;
  find("#stranger").hidden = Boolean(user);
  find("#user").hidden = !user;
  find("#chain").textContent = CHAINS[user?.chain];
  find("#address").textContent = user?.walletAddress;
  for (const door of document.querySelectorAll("article")) answer(door, "");
}

async function enter(door) {
  try {
    const { hello } = await call(door.dataset.path);
    if (!user) await findUser();
    answer(door, "open", `Welcome, ${hello.slice(0, 6)}…${hello.slice(-4)}. The server let you in.`);
  } catch (error) {
    await explain(door, error);
  }
}

async function explain(door, error) {
  const { chain } = door.dataset;
  if (!user && error.status === 403) await findUser();
  if (!(error instanceof Refusal)) {
    answer(door, "refused", error.message);
  } else if (error.status === 401) {
    if (user) showUser(undefined); // the session is over
    answer(door, "refused", "Log in first. Nobody passes this door without it.");
  } else if (error.status === 403 && user?.chain !== chain) {
    answer(door, "refused", `This club is for wallets on ${CHAINS[chain]}, and yours is on ${CHAINS[user?.chain] ?? "another chain"}. Log out, and log in with a wallet on ${CHAINS[chain]}.`);
  } else if (error.status === 403) {
    const balance = await balanceOf(user);
    if (balance >= NEEDED) return answer(door, "refused", `You hold enough tokens, but the server remembers its refusal for ${REMEMBERED} seconds. Try again.`);
    const give = make("button", { textContent: "Give this wallet three tokens" });
    give.onclick = () => giveAndEnter(door);
    answer(door, "refused", `You hold ${balance} of the ${NEEDED} tokens that open this door.`, give);
  } else {
    answer(door, "refused", `The server could not tell: ${error.message}`);
  }
}

/** Gives the wallet what the door asks for, and tries the door until the server no longer remembers the refusal. */
async function giveAndEnter(door) {
  const giver = user;
  door.querySelector("button").focus(); // the button that was clicked goes
  answer(door, "", `You hold ${NEEDED} tokens now. The server remembers its refusal for ${REMEMBERED} seconds; the door is tried again until then.`);
  try {
    await giveThree(user);
  } catch (error) {
    return answer(door, "refused", error.message);
  }
  for (let second = 0; second < REMEMBERED; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (user !== giver) return undefined;
    if (await call(door.dataset.path).then(() => true, () => false)) break;
  }
  return enter(door);
}

function answer(door, outcome, ...content) {
  door.dataset.outcome = outcome;
  door.querySelector(".answer").replaceChildren(...content.map((part) => (typeof part === "string" ? make("p", { textContent: part }) : part)));
}

function say(text) {
  find("#said").textContent = text;
}
