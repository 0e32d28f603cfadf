import chromium from '@sparticuz/chromium';

/** Two first launches at once would race for the file: it is unpacked once, before any test. */
export default async function unpackBrowser(): Promise<void> {
  if (process.env.BROWSER_PATH === undefined) await chromium.executablePath();
}
