// Makes of picket-js, as npm has it, one script that a page can load: its entry imports its dependencies by bare names.
import { build } from "esbuild";

/** The script. It sets window.Picket, as picket-js does by itself. */
export async function bundle() {
  const result = await build({
    stdin: { contents: 'import "@picketapi/picket-js";', resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    platform: "browser",
    define: { global: "globalThis", "process.env.NODE_ENV": '"production"' }, // its dependencies were written for bundlers
    logLevel: "error",
  });
  return result.outputFiles[0].text;
}
