// Calls the API with the client that OpenAPI Generator's typescript-fetch makes.
import { BASE_URL, SECRET_KEY, TOKEN, type Wallet, equal, ethereumWallet, run, setBalance, simpleMessage, solanaWallet } from "./checks";
import {
  AuthenticationApi,
  Configuration,
  ErrorResponseFromJSON,
  OAuth20Api,
  type Requirements,
  ResponseError,
  WalletsApi,
} from "./client";

const configuration = new Configuration({ basePath: BASE_URL, username: SECRET_KEY, password: "" });
const authentication = new AuthenticationApi(configuration);
const wallets = new WalletsApi(configuration);
const oauth = new OAuth20Api(configuration);

async function sign(wallet: Wallet) {
  const { chain, walletAddress } = wallet;
  const nonce = await authentication.nonce({ nonceRequest: { chain, walletAddress } });
  return wallet.sign(simpleMessage(nonce, wallet));
}

async function logIn(wallet: Wallet, requirements?: Requirements) {
  const { chain, walletAddress } = wallet;
  const signature = await sign(wallet);
  return authentication.auth({ authRequest: { chain, walletAddress, signature, requirements } });
}

const validate = (accessToken: string) => authentication.validate({ validateRequest: { accessToken } });

async function refused(call: Promise<unknown>) {
  const error = await call.then(() => new Error("the gate let the wallet in"), (reason) => reason);
  if (!(error instanceof ResponseError)) throw error;
  equal(error.response.status, 403);
  equal(ErrorResponseFromJSON(await error.response.json()).code, "permission_denied");
}

run("typescript-fetch", {
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
    await refused(logIn(wallet, { contractAddress: TOKEN, minTokenBalance: "2.5" }));
  },
  "asks for one collection and for several": async () => {
    const wallet = solanaWallet();
    await setBalance(wallet, "1", { collection: "CATS" });
    await logIn(wallet, { collection: ["CATS"] });
    await refused(logIn(wallet, { collection: ["DOGS"] }));
    const both = { collection: ["CATS", "DOGS"], minTokenBalance: "2" };
    await refused(logIn(wallet, both));
    await setBalance(wallet, "1", { collection: "DOGS" });
    await logIn(wallet, both);
  },
  "opens a gate later": async () => {
    const wallet = ethereumWallet();
    const before = await logIn(wallet);
    const authzRequest = { accessToken: before.accessToken, requirements: { contractAddress: TOKEN }, revalidate: true };
    await refused(authentication.authz({ authzRequest }));
    await setBalance(wallet, "1", { contractAddress: TOKEN });
    const after = await authentication.authz({ authzRequest });
    equal(after.accessToken === before.accessToken, false);
    equal(after.user.tokenBalances?.contractAddress, { [TOKEN]: "1" });
  },
  "checks ownership": async () => {
    const wallet = ethereumWallet();
    const tokenOwnershipRequest = { contractAddress: TOKEN, minTokenBalance: "2.5" };
    const ownership = () =>
      wallets.tokenOwnership({ chain: wallet.chain, walletAddress: wallet.walletAddress, tokenOwnershipRequest });
    equal((await ownership()).allowed, false);
    await setBalance(wallet, "2.5", { contractAddress: TOKEN });
    const { allowed, tokenBalance } = await ownership();
    equal([allowed, tokenBalance], [true, "2.5"]);
  },
  "exchanges a grant": async () => {
    const wallet = ethereumWallet();
    const token = await oauth.token({ grantType: "password", username: wallet.walletAddress, password: await sign(wallet) });
    equal(token.tokenType, "Bearer");
    equal((await validate(token.accessToken)).walletAddress, wallet.walletAddress);
  },
});
