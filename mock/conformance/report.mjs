// One line for each check, with the time that it took, so that a run reads as a list of what was found out about an SDK.
import { stripVTControlCharacters } from "node:util";

const TIME_LIMIT = 30_000; // milliseconds for one check
const FAILED = 3; // an exit status that no runtime uses for a crash, so that run can tell the two apart

/** A suite prints its checks under the name of the SDK that they run. */
export function suite(name) {
  let failed = 0;
  return {
    /** Runs one check. A check that throws has failed; the others go on. */
    async check(title, body) {
      let timer;
      const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no end after ${TIME_LIMIT / 1000} s`)), TIME_LIMIT);
      });
      const start = performance.now();
      const took = () => `(${((performance.now() - start) / 1000).toFixed(2)} s)`;
      try {
        await Promise.race([body(), limit]);
        console.log(`ok   ${name}  ${title} ${took()}`);
      } catch (error) {
        failed++;
        console.log(`FAIL ${name}  ${title}: ${reason(error)} ${took()}`);
      } finally {
        clearTimeout(timer);
      }
    },
    /** Ends the program with the status that the checks earned. */
    finish() {
      process.exit(failed ? FAILED : 0);
    },
  };
}

// The SDKs reject with the body of the API's error, which is no Error.
function reason(error) {
  const text = error instanceof Error ? error.message : JSON.stringify(error);
  return stripVTControlCharacters(text).replace(/\s+/g, " ").slice(0, 400);
}
