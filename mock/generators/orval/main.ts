// Calls the API with the client that orval makes.
import { BASIC, TOKEN, type Wallet, equal, ethereumWallet, run, setBalance, simpleMessage, solanaWallet } from "./checks";
import * as api from "./client/api";

const options = { headers: { Authorization: BASIC } };

async function sign(wallet: Wallet) {
  const { chain, walletAddress } = wallet;
  const nonce = await value(api.nonce({ chain, walletAddress }, options));
  return wallet.sign(simpleMessage(nonce, wallet));
}

async function auth(wallet: Wallet, requirements?: api.Requirements) {
  const { chain, walletAddress } = wallet;
  const signature = await sign(wallet);
  return api.auth({ chain, walletAddress, signature, requirements }, options);
}

const logIn = (wallet: Wallet, requirements?: api.Requirements) => value(auth(wallet, requirements));

const validate = (accessToken: string) => value(api.validate({ accessToken }, options));

type Answer = { status: number; data: unknown };

/** The value of an answer, the type of which depends on the status. */
async function value<T extends Answer>(call: Promise<T>): Promise<Extract<T, { status: 200 }>["data"]> {
  const answer = await call;
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.data));
  return answer.data;
}

async function refused(call: Promise<api.authResponse | api.authzResponse>) {
  const answer = await call;
  if (answer.status !== 403) throw new Error(`the gate answered with ${answer.status}`);
  equal(answer.data.code, "permission_denied");
}

run("orval", {
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
    const gate = { accessToken: before.accessToken, requirements: { contractAddress: TOKEN }, revalidate: true };
    await refused(api.authz(gate, options));
    await setBalance(wallet, "1", { contractAddress: TOKEN });
    const after = await value(api.authz(gate, options));
    equal(after.accessToken === before.accessToken, false);
    equal(after.user.tokenBalances?.contractAddress, { [TOKEN]: "1" });
  },
  "checks ownership": async () => {
    const wallet = ethereumWallet();
    const tokens = { contractAddress: TOKEN, minTokenBalance: "2.5" };
    const ownership = () => value(api.tokenOwnership(wallet.chain, wallet.walletAddress, tokens, options));
    equal((await ownership()).allowed, false);
    await setBalance(wallet, "2.5", { contractAddress: TOKEN });
    const { allowed, tokenBalance } = await ownership();
    equal([allowed, tokenBalance], [true, "2.5"]);
  },
  "exchanges a grant": async () => {
    const wallet = ethereumWallet();
    const grant = { grant_type: "password", username: wallet.walletAddress, password: await sign(wallet) };
    const token = await value(api.token(grant, options));
    equal(token.token_type, "Bearer");
    equal((await validate(token.accessToken)).walletAddress, wallet.walletAddress);
  },
});
