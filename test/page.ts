import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { createCleanup } from '../local/cleanup.ts';
import type { Listening } from '../local/http-server.ts';
import { startPage } from '../local/page/server.ts';
import { sheetHost } from '../local/sheet-host.ts';
import type { Stack } from '../local/stack.ts';
import { launchBrowser } from './browser.ts';
import { DIST, startTestStack } from './stack.ts';

/** The local page in a real browser. */

export type View = 'sheet' | 'table';

export interface TestPage {
  readonly stack: Stack;
  readonly browser: Browser;
  readonly url: string;
  /** Opens a window of its own, and waits until the sheet is drawn. */
  open(view: View, size?: { width: number; height: number }): Promise<Page>;
  /** Requests of any window that left this machine. */
  readonly outside: readonly string[];
  post(path: string, body: object): Promise<Response>;
  close(): Promise<void>;
}

export async function startTestPage(options: Parameters<typeof startTestStack>[0] = {}): Promise<TestPage> {
  const { opened, close } = createCleanup();
  try {
    const browser = opened(await launchBrowser());
    const stack = opened(await startTestStack(options));
    const server = opened(await startPage({ host: sheetHost(stack), assets: new URL('local/page/', DIST) }));
    return { ...testPage(stack, server, browser), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function testPage(stack: Stack, server: Listening, browser: Browser): Omit<TestPage, 'close'> {
  const outside: string[] = [];
  return {
    stack,
    browser,
    url: server.url,
    outside,
    open: (view, size = { width: 1280, height: 900 }) => openWindow(browser, server, view, size, outside),
    post: (path, body) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}

async function openWindow(
  browser: Browser,
  { url }: Listening,
  view: View,
  viewport: { width: number; height: number },
  outside: string[],
): Promise<Page> {
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).hostname !== '127.0.0.1')
      outside.push(request.url());
  });
  await page.addInitScript(`if (window === window.top) localStorage.setItem('drawbridge-view', '${view}')`);
  await page.goto(url);
  await page.locator(view === 'sheet' ? 'canvas[id*="sheet"]' : '#grid table').waitFor();
  if (view === 'sheet') await page.waitForTimeout(1_000);
  return page;
}

const LONGEST_MS = 60_000;

/** @throws Error - It never came to this. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  longestMs = LONGEST_MS,
): Promise<void> {
  const end = performance.now() + longestMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it never came to this: ${what}`);
    await sleep(100);
  }
}
