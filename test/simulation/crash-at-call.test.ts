import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { go, signed, startTestStack, stepOf } from '../stack.ts';

/**
 * One scenario (enter, from Go to Done) is cut at every call that it makes: once before the call takes effect, once
 * after. However it was cut, the sheet must come to tell the truth by itself: Done with a closed site; or back at the
 * start with a sentence and an open site, and then a second Go closes it.
 */

const SERVICE = 'payments';
const ENTER = 'Enter maintenance';
const MINUTE_MS = 60_000;
const MOST_MINUTES = 8;
const LANES = 4;
const SIDES = ['before', 'after'] as const;
type Side = (typeof SIDES)[number];

/** @returns Whether a call was there to be cut. */
type Scenario = (stack: Stack, at: number, side: Side) => Promise<boolean>;

/** Time passes while executions wait, so that polling costs nothing. */
function hurry(stack: Stack): () => void {
  const timer = setInterval(() => stack.clock.moveTo(stack.clock.now() + 400), 20);
  return () => clearInterval(timer);
}

async function minute(stack: Stack): Promise<void> {
  stack.clock.moveTo(stack.clock.now() + MINUTE_MS);
  await Promise.allSettled([stack.reconcile(), stack.runtime.tick()]);
}

const siteStatus = async (stack: Stack): Promise<number> => {
  const url = stack.sites.find(({ service }) => service === SERVICE)?.url as string;
  return (await visit(url, { as: 'public' })).status;
};

/** Ticks until the row says an end. */
async function settle(stack: Stack): Promise<string> {
  for (let minutes = 0; minutes < MOST_MINUTES; minutes += 1) {
    const status = stepOf(stack, SERVICE, ENTER).value('Status');
    if (status !== 'Go' && status !== 'Running') return status;
    await minute(stack);
  }
  return stepOf(stack, SERVICE, ENTER).value('Status');
}

interface Ending {
  readonly cut: string;
  readonly ending: string;
}

/** What the row came to, checked against the site and the audit. */
async function play(at: number, side: Side, scenario: Scenario): Promise<Ending | undefined> {
  // No event comes twice: a twin would do what the cut execution could not.
  const stack = await startTestStack({
    propagation: { minMs: 0, maxMs: 0 },
    proof: { probes: 2, spreadSeconds: 0 },
    faultInjection: {},
  });
  const end = hurry(stack);
  try {
    if (!(await scenario(stack, at, side))) return undefined;
    const first = await settle(stack);
    const row = stepOf(stack, SERVICE, ENTER);
    const toldOpen =
      ['Planned', 'Failed'].includes(first) && row.value('Result') !== '' && (await siteStatus(stack)) === 200;
    if (toldOpen) await go(stack, SERVICE, ENTER);
    const last = toldOpen ? await settle(stack) : first;
    // What the sheet told already, the audit must tell after the next tick.
    await minute(stack);
    const isClosed = (await siteStatus(stack)) === 503;
    const { entries } = (await (await signed(stack, '/audit')).json()) as {
      entries: { operationId: string; state: string }[];
    };
    const ids = entries.filter(({ state }) => state === 'verified').map(({ operationId }) => operationId);
    const truth =
      last === 'Done' && isClosed && ids.length === 1 && ids[0] === stepOf(stack, SERVICE, ENTER).value('Operation');
    const ending = truth
      ? 'true'
      : `${first} → ${last}, site ${isClosed ? 'closed' : 'open'}, audit ${JSON.stringify(entries)}, “${row.value('Result')}”`;
    return { cut: `${side} call ${at}`, ending };
  } finally {
    end();
    await stack.close();
  }
}

/** Every k, before and after, until there is no k-th call; a few at a time. */
async function playAll(scenario: Scenario): Promise<Ending[]> {
  const endings: Ending[] = [];
  let next = 0;
  let isOver = false;
  const lane = async () => {
    while (!isOver) {
      const turn = next++;
      const ending = await play(Math.floor(turn / 2) + 1, SIDES[turn % 2] as Side, scenario);
      if (ending) endings.push(ending);
      else isOver = true;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return endings;
}

const scriptIsCut: Scenario = async (stack, at, side) => {
  stack.runtime.cutNext({ at, side, function: 'onRundownEdit' });
  await go(stack, SERVICE, ENTER);
  return stack.runtime.executions().some(({ cut }) => cut === true);
};

const lambdaIsCut: Scenario = async (stack, at, side) => {
  const cut = stack.deployments.production?.api.cutNext({ at, side, acrossInvocations: true });
  await go(stack, SERVICE, ENTER);
  return cut?.happened === true;
};

it.each([
  ['the script at its k-th service call', scriptIsCut, 12],
  ['the Lambda at its k-th SDK call', lambdaIsCut, 20],
] as const)(
  'ends true wherever %s is cut',
  async (_what, scenario, atLeast) => {
    const endings = await playAll(scenario);
    expect(endings.filter(({ ending }) => ending !== 'true')).toEqual([]);
    expect(endings.length).toBeGreaterThan(atLeast);
  },
  480_000,
);
