// Reads and sets in the mock what a wallet holds. On a real chain, only its owner could get tokens, and no page could give any.
const TOKENS = {
  ethereum: { contractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984" },
  solana: { tokenId: "4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R" },
};

/** Returns how many club tokens of its chain a wallet holds. */
export async function balanceOf({ chain, walletAddress }) {
  const [[kind, token]] = Object.entries(TOKENS[chain]);
  const balances = await (await fetch("/test-wallets/balances")).json();
  const held = balances.find((balance) => balance.chain === chain && balance.walletAddress === walletAddress && balance[kind] === token);
  return held?.balance ?? "0";
}

/** Makes a wallet hold three club tokens of its chain. */
export async function giveThree({ chain, walletAddress }) {
  const response = await fetch("/test-wallets/balances", {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ chain, walletAddress, ...TOKENS[chain], balance: "3" }),
  });
  if (!response.ok) throw new Error((await response.json()).msg);
}
