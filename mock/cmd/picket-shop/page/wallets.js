// Finds the wallets that this browser has, and makes them alike: { chain, name, icon, connect }. To connect asks the user for an
// account, and returns its address and a function that signs bytes.

/** Calls found with each wallet, also with those that come later. */
export function findWallets(found) {
  const known = new Set();
  const add = (original, wallet) => {
    if (known.has(original)) return;
    known.add(original);
    found(wallet);
  };

  // On Ethereum, wallets announce themselves (EIP-6963). Older ones are only at window.ethereum.
  addEventListener("eip6963:announceProvider", ({ detail: { info, provider } }) => add(provider, ethereumWallet(provider, info)));
  dispatchEvent(new Event("eip6963:requestProvider"));
  const addOlder = () => window.ethereum && add(window.ethereum, ethereumWallet(window.ethereum, { name: "Ethereum wallet of this browser" }));
  addOlder();
  addEventListener("ethereum#initialized", addOlder);

  // On Solana, wallets register (wallet standard).
  const register = (...wallets) => {
    wallets.filter(canLogIn).forEach((wallet) => add(wallet, solanaWallet(wallet)));
    return () => {};
  };
  addEventListener("wallet-standard:register-wallet", ({ detail }) => detail({ register }));
  dispatchEvent(new CustomEvent("wallet-standard:app-ready", { detail: { register } }));
}

function ethereumWallet(provider, { name, icon }) {
  return {
    chain: "ethereum", name, icon,
    async connect() {
      const [address] = await provider.request({ method: "eth_requestAccounts" });
      return { address, sign: (bytes) => provider.request({ method: "personal_sign", params: [hex(bytes), address] }) };
    },
  };
}

const isSolana = (chain) => chain.startsWith("solana:");
const canLogIn = ({ chains, features }) => chains.some(isSolana) && "standard:connect" in features && "solana:signMessage" in features;

function solanaWallet({ name, icon, features }) {
  return {
    chain: "solana", name, icon,
    async connect() {
      const { accounts } = await features["standard:connect"].connect();
      const account = accounts.find(({ chains }) => chains.some(isSolana));
      if (!account) throw new Error("it has no account on Solana for this site");
      const sign = async (message) => hex((await features["solana:signMessage"].signMessage({ account, message }))[0].signature);
      return { address: account.address, sign };
    },
  };
}

function hex(bytes) {
  return "0x" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
