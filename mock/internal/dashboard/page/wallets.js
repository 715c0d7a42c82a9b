// Test wallets, which sign any text.
import { call } from "./api.js";
import { button, choice, field, form, h, table } from "./dom.js";

export async function showWallets(view) {
  const list = h("div"), signature = h("div", { role: "status" });
  const chooser = h("div");
  const draw = async () => {
    const wallets = await call("GET", "wallets");
    list.replaceChildren(table("Wallets that the login page offers", ["Chain", "Address"], wallets.map(({ chain, address }) => [chain, address]), "There are none."));
    chooser.replaceChildren(form(async ({ wallet, message }) => {
      const { signature: text } = await call("POST", "wallets/sign", { ...wallets[Number(wallet)], message });
      signature.replaceChildren(h("h3", null, "Signature"), h("pre", { tabindex: "0" }, text), button("Copy", async () => {
        await navigator.clipboard.writeText(text);
        return "Copied.";
      }));
    }, "Sign",
    choice("Wallet", "wallet", wallets.map(({ chain, address }, i) => [i, `${address} (${chain})`])),
    h("label", null, "Text", h("textarea", { name: "message", rows: 8, required: true, spellcheck: "false" }))));
  };
  view.append(
    h("h2", null, "Test wallets"), list,
    form(async (wallet) => {
      const { address } = await call("POST", "wallets", wallet);
      await draw();
      return `${address} is there.`;
    }, "Add the wallet",
    choice("Chain", "chain", ["ethereum", "polygon", "optimism", "arbitrum", "avalanche", "solana"]),
    field("Private key, of a wallet that holds nothing", "privateKey", { required: true, type: "password" })),
    h("h2", null, "Sign a text"), chooser, signature);
  await draw();
}
