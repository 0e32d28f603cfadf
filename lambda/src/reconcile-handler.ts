import { createNotifyBoth } from './notify/both.ts';
import { log } from './notify/log.ts';
import { metricsLine } from './notify/metrics.ts';
import { createNotify, type Notify } from './notify/sns.ts';
import { type ReconcileDependencies, reconcile } from './reconcile/reconcile.ts';
import { readNoticeTopic, readSettings } from './settings.ts';
import { wire } from './wiring.ts';

const settings = readSettings();
const { environment } = settings;
const wired = wire(settings);
const keepForSlack: Notify = (notice) => wired.store.addSlackNotice(notice, new Date().toISOString());
const publish = createNotify(readNoticeTopic(), undefined, { forChannel: settings.config.chat !== undefined });
const deps: ReconcileDependencies = {
  ...wired,
  notify: createNotifyBoth(settings.config.slack && keepForSlack, publish),
  measure(counts) {
    const line = metricsLine(environment, counts, Date.now());
    // Past console, which puts its own words before the line: metrics are found in whole lines of JSON.
    if (line) process.stdout.write(`${line}\n`);
  },
};

/** Lambda's entry every minute. Quiet while there is nothing to do. */
export async function handler(): Promise<void> {
  const ticks = await reconcile(deps);
  const left = ticks.filter(({ did }) => did === 'left').map(({ service }) => service);
  if (left.length > 0) log('warn', 'left for the next tick', { count: left.length, services: left });
  for (const tick of ticks.filter(({ did }) => did !== 'nothing' && did !== 'left')) {
    log(tick.did === 'failed' ? 'error' : 'info', 'reconciled', { ...tick });
  }
  const failed = ticks.filter(({ did }) => did === 'failed').map(({ service }) => service);
  // So that the alarm on its errors rings.
  if (failed.length > 0) throw new Error(`Not reconciled: ${failed.join(', ')}. The lines above say why.`);
}
