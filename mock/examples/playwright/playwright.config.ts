import { defineConfig } from "@playwright/test";

export default defineConfig({
  use: { launchOptions: { executablePath: process.env.CHROMIUM } }, // the browser of the system; unset, that of Playwright
  webServer: {
    command: "exec picket-mock -addr 127.0.0.1:0",
    wait: { stdout: / answers at (?<picket_mock_url>\S+)/ }, // is then the environment variable PICKET_MOCK_URL
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
  },
});
