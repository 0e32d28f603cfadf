import { RUNDOWN_TAB } from '../../../../release-sheet-template/rundown.ts';
import type { Hop } from '../../../trace.ts';

/** An operation's hops as the stages that a person follows, from the edit to the answer in the row. Pure. */

export interface Stage {
  readonly name:
    | 'Edit'
    | 'Trigger'
    | 'Claim'
    | 'Token'
    | 'Gateway'
    | 'Token check'
    | 'Commit'
    | 'WAF'
    | 'Probes'
    | 'Write-back'
    | 'Lambda'
    | 'Script';
  /** Milliseconds since the epoch on the local clock. */
  readonly at: number;
  readonly tookMs?: number;
  readonly said: string;
  readonly ok: boolean;
}

/** A stage of one hop; hops that say nothing to a person (reads, the second look) have none. */
type Reader = (hop: Hop, before: readonly Stage[]) => (Pick<Stage, 'name' | 'said'> & { ok?: boolean }) | undefined;

/** What WAF refuses, in words. */
const WAF_WORDS: Readonly<Record<string, string>> = {
  WAFOptimisticLockException: 'somebody else changed the rules in between, so they are read and written again',
  WAFLimitsExceededException: 'a limit of the account is reached',
  WAFUnavailableEntityException: 'it was just created and is not ready yet, so it is tried again',
  ThrottlingException: 'too many calls in this second, so it waits and tries again',
};

/** As a script writes one. */
const IS_TIME = /^\w{3} \w{3} \d\d \d{4} \d\d:/;

const READ_SCOPE = 'drawbridge/read';

const has = (stages: readonly Stage[], name: Stage['name']): boolean => stages.some((stage) => stage.name === name);

const READERS: Readonly<Record<Hop['part'], Reader>> = {
  sheet(hop, before) {
    if (hop.what.startsWith('edit')) return { name: 'Edit', said: `${hop.what.slice('edit '.length)} ${hop.said}` };
    const [, tab = '', row = ''] = /^write into (.+) (row \d+)$/.exec(hop.what) ?? [];
    const place = tab === RUNDOWN_TAB.name ? row : `${tab} ${row}`;
    const claim = before.find(({ name }) => name === 'Claim');
    const [status = ''] = hop.said.split(' · ');
    if (['Sending…', 'Running'].includes(status) && !claim) return { name: 'Claim', said: `${place} says ${status}` };
    // The boards, the audit and the heartbeat follow; and when something happened is no news beside it.
    const isOwn = claim ? claim.said.startsWith(place.replace(/\d+$/, '')) : tab === RUNDOWN_TAB.name;
    if (!isOwn || hop.said === '' || IS_TIME.test(hop.said)) return undefined;
    return { name: 'Write-back', said: `${place}: ${hop.said}`, ok: status !== 'Failed' };
  },
  'apps-script'(hop) {
    if (hop.what.startsWith('Cache.get token:') && hop.said === 'found')
      return { name: 'Token', said: 'from the cache' };
    if (hop.what.startsWith('Cache.get')) return undefined;
    if (hop.what.endsWith('/oauth2/token')) return { name: 'Token', said: hop.ok ? 'taken from Cognito' : hop.said };
    if (/^(GET|POST|PUT) /.test(hop.what)) {
      return hop.said === 'no answer' ? { name: 'Gateway', said: `${hop.what} could not be reached` } : undefined;
    }
    if (hop.said === 'started') return { name: 'Trigger', said: `${hop.what} woke up` };
    return { name: 'Script', said: `${hop.what} ${hop.ok ? hop.said : `died: ${hop.said}`}` };
  },
  cognito: () => undefined,
  gateway(hop, before) {
    // What is only read, by this page as well, is nothing that the operation did.
    if (hop.ok && (hop.what.startsWith('GET ') || hop.said.includes(READ_SCOPE))) return undefined;
    const isCheck = hop.what === 'token check';
    if (hop.ok && has(before, isCheck ? 'Token check' : 'Gateway')) return undefined;
    return isCheck ? { name: 'Token check', said: hop.said } : { name: 'Gateway', said: `${hop.what}: ${hop.said}` };
  },
  lambda: (hop) => (hop.ok || /^4\d\d/.test(hop.said) ? undefined : { name: 'Lambda', said: hop.said }),
  dynamodb(hop, before) {
    if (hop.operationId === undefined || !hop.ok || has(before, 'Commit')) return undefined;
    const service = /^TransactWriteItems SERVICE#(\S+) STATE\b/.exec(hop.what)?.[1];
    if (service !== undefined) return { name: 'Commit', said: `the wanted state of ${service} is written` };
    if (!hop.what.startsWith('TransactWriteItems OPERATION#')) return undefined;
    return { name: 'Commit', said: 'refused: nothing was changed', ok: false };
  },
  waf(hop) {
    if (hop.ok && !hop.what.startsWith('Update')) return undefined;
    return { name: 'WAF', said: hop.ok ? hop.what : `${hop.what}: ${WAF_WORDS[hop.said] ?? 'refused'} (${hop.said})` };
  },
  probe: (hop) => ({ name: 'Probes', said: `${hop.what.replace(/^\S+ at /, '')} ${hop.said}` }),
  sns: (hop) => ({ name: 'Script', said: `${hop.what}: ${hop.said}` }),
  ssm: () => undefined,
  slack: () => undefined,
};

/** @param hops - Of one operation, in the order of time. Probes of one run are one stage. */
export function stagesOf(hops: readonly Hop[]): Stage[] {
  const stages: Stage[] = [];
  for (const hop of hops) {
    const read = READERS[hop.part](hop, stages);
    if (!read) continue;
    const stage: Stage = { at: hop.at, tookMs: hop.tookMs, ok: hop.ok, ...read };
    const last = stages.at(-1);
    if (stage.name === 'Probes' && last?.name === 'Probes') {
      const isNews = !last.said.split(' · ').includes(stage.said);
      const said = isNews ? `${last.said} · ${stage.said}` : last.said;
      stages[stages.length - 1] = { ...last, said, ok: last.ok && stage.ok };
    } else if (!(stage.name === 'Write-back' && last?.name === 'Write-back' && last.said === stage.said)) {
      stages.push(stage);
    }
  }
  return stages;
}
