import { type Called, type Mode, startVirtualAws } from '../deployment/virtual-aws.ts';
import { type Closer, flippedRule, floor, scriptAllFirst, scriptOneByOne } from './closers.ts';
import { drawbridge } from './drawbridge-closer.ts';

export const CLOSERS = {
  'script, one by one': scriptOneByOne,
  'script, all created first': scriptAllFirst,
  'recipe: a rule ready in each': flippedRule,
  Drawbridge: drawbridge,
  'floor: one get, one update': floor,
} as const satisfies Record<string, Closer>;
export type CloserName = keyof typeof CLOSERS;

export interface Closing {
  /** Until WAF has answered the last write that matters. */
  readonly closedMs: number;
  readonly openMs: number;
  readonly closeCalls: Counted;
  readonly openCalls: Counted;
}

interface Counted {
  readonly waf: number;
  readonly dynamodb: number;
  /** Of the table, until the last write to WAF. */
  readonly dynamodbBefore: number;
  readonly throttled: number;
}

const A_WHILE_MS = 10 * 60_000;

export async function play(name: CloserName, mode: Mode, services: number, webAcls: number): Promise<Closing> {
  const aws = await startVirtualAws(mode);
  try {
    return await aws.time.run(async () => {
      const { close, open, tidy } = await CLOSERS[name].prepare(aws, services, webAcls);
      const measured = async (work: () => Promise<void>, after?: () => Promise<void>) => {
        // What was spent before is granted anew.
        await aws.time.sleep(A_WHILE_MS);
        const [from, first] = [aws.time.now(), aws.calls.length];
        await work();
        const ms = lastWrite(aws.calls.slice(first)) - from;
        await after?.();
        return { ms, calls: counted(aws.calls.slice(first)) };
      };
      const closed = await measured(close);
      const opened = await measured(open, tidy);
      return { closedMs: closed.ms, openMs: opened.ms, closeCalls: closed.calls, openCalls: opened.calls };
    });
  } finally {
    await aws.close();
  }
}

const isWrite = ({ service, operation, error }: Called) =>
  service === 'waf' && !error && /^(Update|Associate)/.test(operation);

const lastWrite = (calls: readonly Called[]): number => Math.max(...calls.filter(isWrite).map(({ at }) => at));

function counted(calls: readonly Called[]): Counted {
  const of = (service: Called['service']) => calls.filter((one) => one.service === service);
  const until = lastWrite(calls);
  return {
    waf: of('waf').length,
    dynamodb: of('dynamodb').length,
    dynamodbBefore: of('dynamodb').filter(({ at }) => at <= until).length,
    throttled: calls.filter(({ error }) => error !== undefined && /Throttl/.test(error)).length,
  };
}
