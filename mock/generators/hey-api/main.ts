// Calls the API with the client that Hey API's openapi-ts makes.
import { BASE_URL, SECRET_KEY, TOKEN, type Wallet, equal, ethereumWallet, run, setBalance, simpleMessage, solanaWallet } from "./checks";
import * as api from "./client";
import { client } from "./client/client.gen";

client.setConfig({ baseUrl: BASE_URL, auth: `${SECRET_KEY}:` }); // the key is the user, and the password is empty

async function sign(wallet: Wallet) {
  const { chain, walletAddress } = wallet;
  const { data: nonce } = await api.nonce({ body: { chain, walletAddress }, throwOnError: true });
  return wallet.sign(simpleMessage(nonce, wallet));
}

async function auth(wallet: Wallet, requirements?: api.Requirements) {
  const { chain, walletAddress } = wallet;
  const signature = await sign(wallet);
  return api.auth({ body: { chain, walletAddress, signature, requirements } });
}

const logIn = (wallet: Wallet, requirements?: api.Requirements) => value(auth(wallet, requirements));

const validate = (accessToken: string) => value(api.validate({ body: { accessToken } }));

/** The value of an answer, which is either a value or an error. */
async function value<T>(call: Promise<{ data?: T; error?: unknown }>) {
  const { data, error } = await call;
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

async function refused(call: Promise<{ error?: api.ErrorResponse; response?: Response }>) {
  const { error, response } = await call;
  equal(response?.status, 403);
  equal(error?.code, "permission_denied");
}

run("hey-api", {
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
    await refused(api.authz({ body }));
    await setBalance(wallet, "1", { contractAddress: TOKEN });
    const after = await value(api.authz({ body }));
    equal(after.accessToken === before.accessToken, false);
    equal(after.user.tokenBalances?.contractAddress, { [TOKEN]: "1" });
  },
  "checks ownership": async () => {
    const wallet = ethereumWallet();
    const ownership = () =>
      value(
        api.tokenOwnership({
          path: { chain: wallet.chain, walletAddress: wallet.walletAddress },
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
      api.token({ body: { grant_type: "password", username: wallet.walletAddress, password: await sign(wallet) } }),
    );
    equal(token.token_type, "Bearer");
    equal((await validate(token.accessToken)).walletAddress, wallet.walletAddress);
  },
});
