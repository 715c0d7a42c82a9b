// Starts picket-mock for a file of tests, and gives each test a project of its own.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { test as base } from "vitest";

export const test = base.extend<{ mockURL: string; picket: Picket }>({
  mockURL: [
    async ({}, use) => {
      const mock = spawn("picket-mock", ["-addr", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
      const line = await new Promise<string>((resolve, reject) => {
        createInterface(mock.stdout).once("line", resolve);
        mock.once("error", reject); // it is not on the PATH
        mock.once("exit", (status) => reject(new Error(`picket-mock ended with status ${status}`)));
      });
      const url = line.split(" ").at(-1)!; // the first line ends with the base URL
      await send("GET", new URL("/_mock/health", url));
      await use(url);
      mock.kill();
    },
    { scope: "worker" },
  ],
  picket: async ({ mockURL, task }, use) => {
    const project = await send("POST", new URL("/_mock/projects", mockURL), {});
    const picket = new Picket(mockURL, project.secretKey);
    await use(picket);
    if (task.result?.state === "fail") {
      console.error("what picket-mock was asked:", JSON.stringify(await picket.control("GET", "journal"), null, 2));
    }
  },
});

/** A project of the mock. Give its URL and secret key to the application under test. */
export class Picket {
  constructor(readonly url: string, readonly secretKey: string) {}

  /** Calls the API, as the application does. */
  call(operation: string, body: object) {
    return send("POST", `${this.url}/${operation}`, body, this.secretKey);
  }

  /** Controls the project. */
  control(method: string, operation: string, body?: object) {
    return send(method, new URL(`/_mock/${operation}`, this.url), body, this.secretKey);
  }

  wallet() {
    return privateKeyToAccount(generatePrivateKey());
  }

  /** Logs a wallet in, and returns its access token. */
  async logIn({ address, signMessage }: PrivateKeyAccount): Promise<string> {
    const { statement, nonce } = await this.call("auth/nonce", { walletAddress: address });
    const signature = await signMessage({ message: `${statement}\n\nAddress: ${address}\nNonce: ${nonce}` });
    const { accessToken } = await this.call("auth", { walletAddress: address, signature });
    return accessToken;
  }
}

/** Sends a request, and returns its answer. What is refused is an error with the code and the reason. */
async function send(method: string, url: string | URL, body?: object, key?: string) {
  const headers = { "Content-Type": "application/json", ...(key && { Authorization: `Basic ${btoa(`${key}:`)}` }) };
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const answer = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(`${response.status} ${answer.code}: ${answer.msg}`);
  return answer;
}
