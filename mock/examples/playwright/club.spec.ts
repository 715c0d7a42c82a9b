import { expect, type Page } from "@playwright/test";
import { test } from "./picket.ts";

const contractAddress = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984";

/** Leaves for the login page of the mock, decides there, and comes back. */
async function logIn(page: Page, wallet: string, decision: "Approve" | "Deny") {
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("radio", { name: wallet }).check();
  await page.getByRole("button", { name: decision }).click();
}

test("a holder of three tokens enters the club, until the token of the login expires", async ({ page, picket }) => {
  const wallet = await picket.wallet();
  await picket.control("PUT", "balances", { chain: "ethereum", walletAddress: wallet, contractAddress, balance: "3" });
  await logIn(page, wallet, "Approve");
  await expect(page.getByRole("status")).toHaveText(`You are logged in as ${wallet}.`);

  await page.getByRole("button", { name: "Enter the club" }).click();
  await expect(page.getByRole("status")).toHaveText(`Welcome to the club, ${wallet}.`);

  await picket.control("POST", "clock/advance", { seconds: 12 * 60 * 60 }); // the clock of this project stops there
  await page.getByRole("button", { name: "Enter the club" }).click();
  await expect(page.getByRole("status")).toContainText("it expired at ");
});

test("a wallet without tokens stays outside", async ({ page, picket }) => {
  await logIn(page, await picket.wallet(), "Approve");
  await page.getByRole("button", { name: "Enter the club" }).click();
  await expect(page.getByRole("status")).toContainText("You need three tokens: ");
});

test("a user who denies the login is told so", async ({ page, picket }) => {
  await logIn(page, await picket.wallet(), "Deny");
  await expect(page.getByRole("status")).toHaveText("That did not work: the user denied the login");
});
