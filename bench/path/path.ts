import { RELEASE_MANAGER } from '../../local/people.ts';
import { stepOf } from '../../local/sheet-rows.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import type { Hop } from '../../local/trace.ts';
import { untilSent, untilShown, type WakeUp, wakeUpOf } from '../costs/wake-up.ts';
import { interleaved } from '../report/spread.ts';
import { type Peer, peersAt } from './peers.ts';

/** One edit on the local stack, hop by hop: each number is of the machine's own clock, and begins at the edit. */

export interface Passage {
  /** The script has its request on the way. */
  readonly sentMs: number;
  /** The function asks WAF for the first time. */
  readonly atWafMs: number;
  /** WAF has answered the write: closed, and open again. */
  readonly closedMs: number;
  /** The row says what became of it. */
  readonly shownMs: number;
  /** The row says that it is proven from outside. */
  readonly doneMs: number;
}

export interface Measured {
  readonly warm: readonly Passage[];
  readonly cold: readonly Passage[];
  readonly peers: readonly { readonly name: string; readonly samples: readonly number[] }[];
  readonly missing: readonly string[];
  /** What the script did until its request was sent, and until the row said what became of it. */
  readonly sent: WakeUp;
  readonly shown: WakeUp;
}

const SERVICE = 'payments';
/** WAF's own rate and its propagation are no part of this: `close` and `proof` have them. */
const FREE = { writesPerSecond: 1_000, readsPerSecond: 1_000 };
const BETWEEN_MS = 10_000;

export async function measurePath(dist: URL, rounds: number): Promise<Measured> {
  const stack = await startStack({
    ...{ dist, quotas: FREE, propagation: { minMs: 0, maxMs: 1 }, proof: { probesPerSecond: 500 } },
  });
  try {
    const { peers, missing } = await peersAt(stack.waf.url);
    const warm: Passage[] = [];
    const cold: Passage[] = [];
    const pass =
      (into: Passage[], before = () => {}) =>
      async () => {
        stack.clock.moveTo(stack.clock.now() + BETWEEN_MS);
        before();
        const passage = await editOnce(stack);
        into.push(passage);
        return passage.closedMs;
      };
    const contenders = [
      pass(warm),
      pass(cold, () => stack.deployments.production?.api.redeploy()),
      ...peers.map((peer: Peer) => () => peer.run()),
    ];
    const [, , ...samples] = await interleaved(contenders, rounds);
    const execution = stack.runtime.executions().findLast(({ calls }) => calls.some((call) => /^UrlFetch/.test(call)));
    if (!execution) throw new Error('No execution has sent anything.');
    const whole = wakeUpOf('edit', execution, 1);
    return {
      warm: warm.slice(1),
      cold: cold.slice(1),
      peers: peers.map(({ name }, at) => ({ name, samples: samples[at] ?? [] })),
      missing,
      ...{ sent: untilSent('until sent', whole), shown: untilShown('until shown', whole) },
    };
  } finally {
    await stack.close();
  }
}

/** How often each stack was edited. */
const edited = new WeakMap<Stack, number>();

/** Sets the step to Go whose turn it is, and once more if the row asks. */
export async function editOnce(stack: Stack): Promise<Passage> {
  const before = edited.get(stack) ?? 0;
  edited.set(stack, before + 1);
  const action = before % 2 === 0 ? 'Enter maintenance' : 'Exit maintenance';
  const set = async () => {
    const range = stepOf(stack, SERVICE, action).cell('Status');
    const timesOf = watch(stack);
    const go = { spreadsheetId: stack.releaseSheet, sheet: 'Rundown', range, values: [['Go']] };
    await stack.runtime.edit({ ...go, user: RELEASE_MANAGER }).executions;
    return timesOf();
  };
  const passage = (await set()) ?? (await set());
  if (passage) return passage;
  throw new Error(`${action} of ${SERVICE} was not run: ${stepOf(stack, SERVICE, action).value('Result')}`);
}

/** @returns undefined if WAF was not written to. */
function watch({ onHop }: Stack): () => Passage | undefined {
  const from = performance.now();
  const seen: { readonly hop: Hop; readonly endMs: number; readonly startMs: number }[] = [];
  const end = onHop((hop) => {
    const endMs = performance.now() - from;
    seen.push({ hop, endMs, startMs: endMs - (hop.tookMs ?? 0) });
  });
  return () => {
    end();
    const find = (part: Hop['part'], what: RegExp) => seen.find(({ hop }) => hop.part === part && what.test(hop.what));
    const post = find('apps-script', /^POST /);
    const waf = seen.filter(({ hop }) => hop.part === 'waf');
    const update = waf.find(({ hop }) => hop.what.startsWith('UpdateRuleGroup'));
    if (!post || !update) return undefined;
    const rows = seen.filter(({ hop, endMs }) => /^write into Rundown/.test(hop.what) && endMs > post.endMs);
    return {
      sentMs: post.startMs,
      atWafMs: waf[0]?.startMs ?? 0,
      closedMs: update.endMs,
      shownMs: rows[0]?.endMs ?? 0,
      doneMs: rows.at(-1)?.endMs ?? 0,
    };
  };
}
