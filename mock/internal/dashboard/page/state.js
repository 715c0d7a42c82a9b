// What the project knows, to see and to change.
import { call } from "./api.js";
import { button, choice, field, form, h, table } from "./dom.js";

const KINDS = ["contractAddress", "collection", "tokenId", "creatorAddress"];
const CHAINS = ["ethereum", "polygon", "optimism", "arbitrum", "avalanche", "solana", "flow"];

export async function showState(view) {
  const place = h("div");
  view.append(place);
  const draw = async (said) => {
    const [state, { now }] = await Promise.all([call("GET", "state"), call("GET", "clock")]);
    place.replaceChildren(...sections(state, new Date(now), draw));
    return said;
  };
  await draw();
}

function sections(state, now, draw) {
  const alive = (list) => (list ?? []).filter(({ expires }) => new Date(expires) > now);
  const life = ({ expires }) => {
    const seconds = Math.round((new Date(expires) - now) / 1000);
    const hours = Math.floor(seconds / 3600);
    return `${hours ? `${hours} h ` : ""}${Math.floor((seconds % 3600) / 60)} min ${seconds % 60} s`;
  };
  return [
    h("h2", null, "Balances"),
    table("Balances", ["Chain", "Wallet", "Token", "Balance", ""], (state.balances ?? []).map((b) => [
      b.chain, b.walletAddress, KINDS.filter((kind) => b[kind]).map((kind) => `${kind} ${b[kind]}`), b.balance,
      button("Take away", () => set("balances", { ...b, balance: "0" }, "The balance is 0.")),
    ]), "No balances were set, so every gate for tokens is closed."),
    form(({ kind, token, ...balance }) => set("balances", { ...balance, [kind]: token }, "The balance is set."), "Set the balance",
      choice("Chain", "chain", CHAINS), field("Wallet", "walletAddress", { required: true }),
      choice("Token named by", "kind", KINDS), field("Token", "token", { required: true }),
      field("Balance", "balance", { required: true, inputmode: "decimal" })),
    h("h2", null, "Display names"),
    table("Display names", ["Chain", "Wallet", "Name"], (state.displayNames ?? []).map((n) => [n.chain, n.walletAddress, n.name]), "No names were set."),
    form((name) => set("displayNames", name, "The name is set."), "Set the name",
      choice("Chain", "chain", CHAINS), field("Wallet", "walletAddress", { required: true }), field("Name", "name", { required: true, placeholder: "alice.eth" })),
    h("h2", null, "What lives for a time"),
    table("Nonces", ["Wallet", "Nonce", "Lives"], alive(state.nonces).map((n) => [n.walletAddress, n.nonce, life(n)]), "No nonce is waiting to be signed."),
    table("Authorization codes", ["Wallet", "For", "Lives"], alive(state.codes).map((c) => [c.walletAddress, c.redirectURI, life(c)]), "No code is waiting to be redeemed."),
    table("Sessions of browsers", ["Wallet", "Lives"], alive(state.sessions).map((s) => [s.walletAddress, life(s)]), "No browser is logged in."),
    h("h2", null, "Sites"),
    table("Redirect URIs", ["Redirect URI"], (state.redirectURIs ?? []).map((uri) => [uri]), "No redirect URI is allowed, so no login by redirect works."),
    form((uri) => add("redirectURIs", uri, "The redirect URI is allowed."), "Allow", field("Redirect URI", "redirectURI", { type: "url", required: true })),
    table("Allowed domains", ["Domain"], (state.allowedDomains ?? []).map((domain) => [domain]), "Logins may be signed for any domain."),
    form((domain) => add("allowedDomains", domain, "Only allowed domains may log in from now on."), "Allow", field("Domain", "domain", { required: true, placeholder: "localhost:3000" })),
    h("h2", null, "Reset"),
    h("p", null, button("Forget the state", async () => {
      await call("POST", "reset", { parts: ["state"] });
      return draw("Balances, names, nonces, codes and sessions are gone.");
    }), button("Forget everything", async () => {
      await call("POST", "reset");
      return draw("The project is as at the start.");
    })),
  ];

  async function set(kind, value, said) {
    await call("PUT", kind, value);
    return draw(said);
  }
  async function add(kind, value, said) {
    await call("POST", kind, value);
    return draw(said);
  }
}
