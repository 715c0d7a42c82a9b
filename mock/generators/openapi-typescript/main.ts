// Calls the API with openapi-fetch and the types that openapi-typescript makes.
import createClient from "openapi-fetch";
import { BASE_URL, BASIC, TOKEN, type Wallet, equal, ethereumWallet, run, setBalance, simpleMessage, solanaWallet } from "./checks";
import type { components, paths } from "./client/schema";

type Requirements = components["schemas"]["Requirements"];
type ErrorResponse = components["schemas"]["ErrorResponse"];

const api = createClient<paths>({ baseUrl: BASE_URL, headers: { Authorization: BASIC } });

async function sign(wallet: Wallet) {
  const { chain, walletAddress } = wallet;
  const nonce = await value(api.POST("/auth/nonce", { body: { chain, walletAddress } }));
  return wallet.sign(simpleMessage(nonce, wallet));
}

async function auth(wallet: Wallet, requirements?: Requirements) {
  const { chain, walletAddress } = wallet;
  const signature = await sign(wallet);
  return api.POST("/auth", { body: { chain, walletAddress, signature, requirements } });
}

const logIn = (wallet: Wallet, requirements?: Requirements) => value(auth(wallet, requirements));

const validate = (accessToken: string) => value(api.POST("/auth/validate", { body: { accessToken } }));

/** The value of an answer, which is either a value or an error. */
async function value<T>(call: Promise<{ data?: T; error?: ErrorResponse | components["schemas"]["OAuthError"] }>) {
  const { data, error } = await call;
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

async function refused(call: Promise<{ error?: ErrorResponse; response: Response }>) {
  const { error, response } = await call;
  equal(response.status, 403);
  equal(error?.code, "permission_denied");
}

run("openapi-typescript", {
  "logs in with a wallet": async () => {
    const wallet = ethereumWallet();
    await logIn(wallet, {}); // nobody would get in if an absent list were sent as an empty one
    const { accessToken, user } = await logIn(wallet);
    equal(user.walletAddress, wallet.walletAddress);
    const claims = await validate(accessToken);
    equal(claims.sub, `ethereum:${wallet.walletAddress}`);
    equal(claims.exp - claims.iat, 12 * 60 * 60);
  },
  "passes a gate": async () => {
    const wallet = ethereumWallet();
    await setBalance(wallet, "2.5", { contractAddress: TOKEN });
    const { user } = await logIn(wallet, { contractAddress: TOKEN, minTokenBalance: "2.5" });
    equal(user.tokenBalances?.contractAddress, { [TOKEN]: "2.5" });
  },
  "is refused at a gate": async () => {
    const wallet = ethereumWallet();
    await setBalance(wallet, "2.4", { contractAddress: TOKEN });
    await refused(auth(wallet, { contractAddress: TOKEN, minTokenBalance: "2.5" }));
  },
  "asks for one collection and for several": async () => {
    const wallet = solanaWallet();
    await setBalance(wallet, "1", { collection: "CATS" });
    await logIn(wallet, { collection: ["CATS"] });
    await refused(auth(wallet, { collection: ["DOGS"] }));
    const both = { collection: ["CATS", "DOGS"], minTokenBalance: "2" };
    await refused(auth(wallet, both));
    await setBalance(wallet, "1", { collection: "DOGS" });
    await logIn(wallet, both);
  },
  "opens a gate later": async () => {
    const wallet = ethereumWallet();
    const before = await logIn(wallet);
    const body = { accessToken: before.accessToken, requirements: { contractAddress: TOKEN }, revalidate: true };
    await refused(api.POST("/authz", { body }));
    await setBalance(wallet, "1", { contractAddress: TOKEN });
    const after = await value(api.POST("/authz", { body }));
    equal(after.accessToken === before.accessToken, false);
    equal(after.user.tokenBalances?.contractAddress, { [TOKEN]: "1" });
  },
  "checks ownership": async () => {
    const wallet = ethereumWallet();
    const ownership = () =>
      value(
        api.POST("/chains/{chain}/wallets/{walletAddress}/tokenOwnership", {
          params: { path: { chain: wallet.chain, walletAddress: wallet.walletAddress } },
          body: { contractAddress: TOKEN, minTokenBalance: "2.5" },
        }),
      );
    equal((await ownership()).allowed, false);
    await setBalance(wallet, "2.5", { contractAddress: TOKEN });
    const { allowed, tokenBalance } = await ownership();
    equal([allowed, tokenBalance], [true, "2.5"]);
  },
  "exchanges a grant": async () => {
    const wallet = ethereumWallet();
    const token = await value(
      api.POST("/oauth2/token", {
        body: { grant_type: "password", username: wallet.walletAddress, password: await sign(wallet) },
        headers: { "Content-Type": "application/x-www-form-urlencoded" }, // or openapi-fetch sends JSON
      }),
    );
    equal(token.token_type, "Bearer");
    equal((await validate(token.accessToken)).walletAddress, wallet.walletAddress);
  },
});
