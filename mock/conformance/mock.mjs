// What the suites know of the mock, and what they ask of it beyond the API.

/** The API's base URL, and the keys of the mock's project; run sets them. */
export const baseURL = process.env.PICKET_URL;
export const secretKey = process.env.PICKET_SECRET_KEY;
export const publishableKey = process.env.PICKET_PUBLISHABLE_KEY;

/** A token contract and an SPL mint that stand for themselves: nothing but the balances given here is known of them. */
export const CONTRACT = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984";
export const MINT = "4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R";

/** Sends a request to the control API, for the project of the secret key, and returns the response. */
export async function control(method, path, body) {
  const response = await fetch(new URL(`/_mock${path}`, baseURL), {
    method,
    headers: { Authorization: `Basic ${btoa(`${secretKey}:`)}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`cannot control the mock: ${method} /_mock${path} answered ${response.status} ${await response.text()}`);
  return response;
}

/** Gives a wallet a balance of a token: {chain, walletAddress, contractAddress or tokenId or …, balance}. */
export const seedBalance = (holding) => control("PUT", "/balances", holding);

/** Adds a key of a Flow account: {address, publicKey, curve, hash, weight}. */
export const addFlowKey = (key) => control("POST", "/flowKeys", key);
