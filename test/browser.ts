import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Chromium's libraries that a bare Debian lacks. */
const DEBIAN_PACKAGES = 'libnss3 libnspr4 libexpat1';

/**
 * The browser that comes inside an npm package: nothing is downloaded. It is built for Linux; elsewhere BROWSER_PATH names a
 * Chrome that is there.
 * @throws Error - A library of the system is missing; names the Debian packages.
 */
export async function launchBrowser(): Promise<Browser> {
  try {
    return await playwright.launch({
      executablePath: process.env.BROWSER_PATH ?? (await chromium.executablePath()),
      args: [
        // One process for everything would end with the first window.
        ...chromium.args.filter((one) => one !== '--single-process' && one !== '--no-zygote'),
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
        '--disable-gpu',
        '--disable-gpu-compositing',
      ],
    });
  } catch (error) {
    const { message } = error as Error;
    if (!/shared librar/i.test(message)) throw error;
    throw new Error(`The browser tests need ${DEBIAN_PACKAGES}: apt-get install ${DEBIAN_PACKAGES}`, { cause: error });
  }
}
