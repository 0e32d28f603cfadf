import { DEFAULT_PROPAGATION } from '../../local/waf/history.ts';
import { closing, createPacedWaf, type Named } from '../deployment/paced-waf.ts';
import type { VirtualAws } from '../deployment/virtual-aws.ts';

/** Somebody who closes a service behind N web ACLs, and opens it again. */
export interface Closer {
  /** Once, long before. */
  prepare(aws: VirtualAws, services: number, webAcls: number): Promise<Prepared>;
}

export interface Prepared {
  /** Ends when the last web ACL blocks, or the one who closes has said so. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** What is left to do once the public is in again. */
  tidy?(): Promise<void>;
}

const loadBalancer = (at: number) =>
  `arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop-${at}/0123456789abcdef`;

const times = async <T>(count: number, work: (at: number) => Promise<T>): Promise<T[]> => {
  const all: T[] = [];
  for (let at = 0; at < count; at += 1) all.push(await work(at));
  return all;
};

/** As long as one can wait for what was just made, without asking for it in vain. */
const SPREAD_MS = DEFAULT_PROPAGATION.maxMs;

/** A usual web ACL before each load balancer, which is changed for another one. */
async function usual(aws: VirtualAws, count: number) {
  const waf = createPacedWaf(aws);
  const webAcls = await times(count, (at) => waf.createWebAcl(`usual-${at}`));
  await aws.time.sleep(SPREAD_MS);
  await times(count, (at) => waf.associate(webAcls[at] as Named, loadBalancer(at)));
  const made: Named[] = [];
  return {
    waf,
    made,
    async open() {
      await times(count, (at) => waf.associate(webAcls[at] as Named, loadBalancer(at)));
    },
    async tidy() {
      for (const one of made.splice(0)) await waf.remove(one);
    },
  };
}

type Usual = Awaited<ReturnType<typeof usual>>;

/** The script that Drawbridge replaces: a web ACL for each load balancer, made, waited for, filled and attached. */
const script = (close: (usual: Usual, aws: VirtualAws, count: number) => Promise<void>): Closer => ({
  async prepare(aws, services, webAcls) {
    const count = services * webAcls;
    const before = await usual(aws, count);
    return { open: before.open, tidy: before.tidy, close: () => close(before, aws, count) };
  },
});

/** One after the other. */
export const scriptOneByOne = script(async ({ waf, made }, aws, count) => {
  await times(count, async (at) => {
    const webAcl = await waf.createWebAcl(`maintenance-${at}`);
    made.push(webAcl);
    await aws.time.sleep(SPREAD_MS);
    await waf.setRules(webAcl, [closing('Block')]);
    await waf.associate(webAcl, loadBalancer(at));
  });
});

/** The same script, made faster: all are made first, so that it waits once. */
export const scriptAllFirst = script(async ({ waf, made }, aws, count) => {
  made.push(...(await times(count, (at) => waf.createWebAcl(`maintenance-${at}`))));
  await aws.time.sleep(SPREAD_MS);
  for (const webAcl of made) await waf.setRules(webAcl, [closing('Block')]);
  await times(made.length, (at) => waf.associate(made[at] as Named, loadBalancer(at)));
});

/** The best recipe that is published: a rule stands ready in each web ACL, and its action is flipped. */
export const flippedRule: Closer = {
  async prepare(aws, services, webAcls) {
    const waf = createPacedWaf(aws);
    const made = await times(services * webAcls, (at) => waf.createWebAcl(`usual-${at}`, [closing('Count')]));
    const flip = async (action: 'Block' | 'Count') => {
      for (const webAcl of made) await waf.setRules(webAcl, [closing(action)]);
    };
    return { close: () => flip('Block'), open: () => flip('Count') };
  },
};

/** What cannot be undercut: of each service one get and one update, by somebody who writes nothing down. */
export const floor: Closer = {
  async prepare(aws, services) {
    const waf = createPacedWaf(aws);
    const groups = await times(services, (at) => waf.createGroup(`floor-${at}`));
    const set = async (rules: Parameters<typeof waf.setGroupRules>[1]) => {
      for (const group of groups) await waf.setGroupRules(group, rules);
    };
    return { close: () => set([closing('Block')]), open: () => set([]) };
  },
};
