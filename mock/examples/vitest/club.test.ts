import { expect } from "vitest";
import { test } from "./picket.ts";

const contractAddress = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984";
const requirements = { contractAddress, minTokenBalance: "3" };

test("a holder of three tokens enters the club, until the token of the login expires", async ({ picket }) => {
  const wallet = picket.wallet();
  await picket.control("PUT", "balances", { chain: "ethereum", walletAddress: wallet.address, contractAddress, balance: "3" });
  const accessToken = await picket.logIn(wallet);

  const { user } = await picket.call("authz", { accessToken, requirements });
  expect(user.tokenBalances).toEqual({ contractAddress: { [contractAddress]: "3" } });

  await picket.control("POST", "clock/advance", { seconds: 12 * 60 * 60 }); // the clock of this project stops there
  await expect(picket.call("authz", { accessToken, requirements })).rejects.toThrow("400 parameter_invalid");
});

test("a wallet without tokens stays outside", async ({ picket }) => {
  const accessToken = await picket.logIn(picket.wallet());
  await expect(picket.call("authz", { accessToken, requirements })).rejects.toThrow("403 permission_denied");
});
